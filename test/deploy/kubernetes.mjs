// Judge Kubernetes objects, a JSON array on stdin, by the models of their kinds;
// prints a JSON array of faults.
import { readFileSync } from "node:fs";

const faults = [];
for (const object of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    const models = await import(`kubernetes-models/${object.apiVersion}/${object.kind}`);
    new models[object.kind](object).validate();
  } catch (error) {
    faults.push(`${object.kind} ${object.metadata.name}: ${error.message}`);
  }
}
console.log(JSON.stringify(faults));
