import pytest

import oidc


@pytest.fixture(scope="session")
def shared_provider(scratch):
    """The session's provider: whoever rotates or stops one makes their own."""
    provider = oidc.Provider(scratch).start()
    yield provider
    provider.discard()


@pytest.fixture
def make_provider(scratch):
    """make_provider(**arguments) -> a running oidc.Provider of the test's own."""
    made = []

    def make(**arguments):
        provider = oidc.Provider(scratch, **arguments)
        made.append(provider)
        return provider.start()

    yield make
    for provider in made:
        provider.discard()
