// Compile and validate by ajv: one line of JSON for each line that is read,
// {"schema": …, "document": …, "draft": …}.  Times are microseconds.
import { createInterface } from "node:readline";
import Ajv from "ajv";
import Ajv2019 from "ajv/dist/2019.js";
import Ajv2020 from "ajv/dist/2020.js";
import Ajv04 from "ajv-draft-04";
import { createRequire } from "node:module";

const classes = {
  "draft-04": Ajv04.default ?? Ajv04,
  "draft-06": Ajv.default ?? Ajv,
  "draft-07": Ajv.default ?? Ajv,
  "2019-09": Ajv2019.default ?? Ajv2019,
  "2020-12": Ajv2020.default ?? Ajv2020,
};
const draft06 = createRequire(import.meta.url)("ajv/dist/refs/json-schema-draft-06.json");

function make(draft, allErrors) {
  const ajv = new classes[draft]({ strict: false, validateFormats: false, logger: false, allErrors });
  if (draft === "draft-06") ajv.addMetaSchema(draft06);
  return ajv;
}

const now = () => Number(process.hrtime.bigint()) / 1000;

function best(tries, work) {
  let least = Infinity;
  for (let i = 0; i < tries; i++) {
    const start = now();
    work();
    least = Math.min(least, now() - start);
  }
  return least;
}

// Often enough for the engine to have compiled it, and for the clock.
function warm(validate, document) {
  const once = Math.max(best(3, () => validate(document)), 0.2);
  const times = Math.min(5000, Math.max(20, Math.ceil(20000 / once)));
  return best(3, () => {
    for (let i = 0; i < times; i++) validate(document);
  }) / times;
}

function measure({ schema, document, draft }) {
  // The meta-schema is compiled beforehand, as ours is.
  const ajv = make(draft, false);
  ajv.compile({ title: "first" });
  let first;
  const compile = best(1, () => { first = ajv.compile(schema); });
  const all = make(draft, true).compile(schema);
  return { valid: first(document), compile, first: warm(first, document), all: warm(all, document) };
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify(measure(JSON.parse(line))));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message).slice(0, 200) }));
  }
}
