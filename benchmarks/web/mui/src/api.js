// The workflow API. The browser keeps the session's credential as a cookie by itself.

async function post(name, body) {
  const response = await fetch(`/api/workflow/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw answer;
  return answer;
}

export const start = (workflowType) => post("start", { workflowType });

export const submit = (step, data) =>
  post("transition", {
    sessionId: step.sessionId,
    currentStep: step.stepId,
    data,
    revision: step.revision,
  });

export const back = (step) =>
  post("back", {
    sessionId: step.sessionId,
    currentStep: step.stepId,
    revision: step.revision,
  });
