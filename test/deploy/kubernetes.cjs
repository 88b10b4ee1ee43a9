// Judge Kubernetes objects, a JSON array on stdin, by the models of their kinds;
// prints a JSON array of faults.
const objects = JSON.parse(require("fs").readFileSync(0, "utf8"));
const faults = [];
for (const object of objects) {
  const name = `${object.kind} ${object.metadata.name}`;
  try {
    const models = require(`kubernetes-models/${object.apiVersion}/${object.kind}`);
    new models[object.kind](object).validate();
  } catch (error) {
    faults.push(`${name}: ${error.message}`);
  }
}
console.log(JSON.stringify(faults));
