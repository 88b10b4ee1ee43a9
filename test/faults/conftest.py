"""The modules of this folder are found beside those of test/lib."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
