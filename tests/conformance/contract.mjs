// Checks that a schema holds everything of a contract, with the same names, types, nullability and
// defaults: node contract.mjs SCHEMA CONTRACT. It may hold more, as long as nothing more is required.
import { readFileSync } from "node:fs";
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from "graphql";

if (process.argv.length !== 4) throw new Error("usage: node contract.mjs SCHEMA CONTRACT");
const [schema, contract] = process.argv.slice(2).map((path) => buildSchema(readFileSync(path, "utf8")));
const differences = [];

function compare(path, wanted, found) {
  if (!found) return void differences.push(`${path} is missing`);
  if (String(found.type) !== String(wanted.type)) {
    differences.push(`${path} is ${found.type}, not ${wanted.type}`);
  }
  const defaults = [found, wanted].map(({ defaultValue }) => JSON.stringify(defaultValue) ?? "none");
  if (defaults[0] !== defaults[1]) {
    differences.push(`${path} defaults to ${defaults[0]}, not ${defaults[1]}`);
  }
}

function namesIn(path, wanted, found) {
  for (const { name } of wanted) {
    if (!found.some((one) => one.name === name)) differences.push(`${path} ${name} is missing`);
  }
}

function nothingMoreRequired(path, wanted, found, isRequired) {
  for (const more of found) {
    if (isRequired(more) && !wanted.some(({ name }) => name === more.name)) {
      differences.push(`${path} requires ${more.name}, which the contract does not know`);
    }
  }
}

for (const operation of ["query", "mutation", "subscription"]) {
  const [found, wanted] = [schema, contract].map((one) => String(one.getRootType(operation) ?? "none"));
  if (wanted !== "none" && found !== wanted) differences.push(`${operation} is ${found}, not ${wanted}`);
}
for (const wanted of Object.values(contract.getTypeMap())) {
  if (wanted.name.startsWith("__")) continue;
  const found = schema.getType(wanted.name);
  if (!found || found.constructor !== wanted.constructor) {
    differences.push(`${wanted.name} is missing, or of another kind`);
  } else if (isEnumType(wanted)) {
    namesIn(wanted.name, wanted.getValues(), found.getValues());
  } else if (isInputObjectType(wanted)) {
    const fields = Object.values(wanted.getFields());
    for (const field of fields) compare(`${wanted.name}.${field.name}`, field, found.getFields()[field.name]);
    nothingMoreRequired(wanted.name, fields, Object.values(found.getFields()), isRequiredInputField);
  } else if (isUnionType(wanted)) {
    namesIn(wanted.name, wanted.getTypes(), found.getTypes());
  } else if (isObjectType(wanted) || isInterfaceType(wanted)) {
    namesIn(`${wanted.name} implements`, wanted.getInterfaces(), found.getInterfaces());
    for (const field of Object.values(wanted.getFields())) {
      const path = `${wanted.name}.${field.name}`;
      const same = found.getFields()[field.name];
      compare(path, field, same);
      for (const argument of same ? field.args : []) {
        compare(`${path}(${argument.name})`, argument, same.args.find(({ name }) => name === argument.name));
      }
      nothingMoreRequired(path, field.args, same?.args ?? [], isRequiredArgument);
    }
  }
}
for (const difference of differences) console.log(difference);
console.log(`${differences.length} differences from the contract`);
process.exitCode = differences.length === 0 ? 0 : 1;
