// What a form holds, in the types that the fields' schemas ask for; empty fields are left out.

export function answersOf(form, fields) {
  const entries = new FormData(form);
  const answers = {};
  for (const field of fields) {
    const texts = entries.getAll(field.name).filter((text) => text !== "");
    if (texts.length === 0) continue;
    answers[field.name] = field.isList ? texts : typed(texts[0], field.schema.type);
  }
  return answers;
}

function typed(text, type) {
  if (type === "boolean") return text === "true";
  if (type === "integer" || type === "number") return Number(text);
  return text;
}
