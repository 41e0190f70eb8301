import { CircularProgress } from "@mui/material";
import { useEffect, useState } from "react";
import { back, start, submit } from "./api.js";
import { Step } from "./Step.jsx";

// A journey, asked for step by step. `onStep(step, isNew)` hears of each that is shown.
export function Journey({ workflow, onStep = () => {} }) {
  const [step, setStep] = useState(null);
  const [problem, setProblem] = useState(null);
  const [isSending, setIsSending] = useState(false);

  async function move(asked, isNew) {
    setIsSending(true);
    try {
      const next = await asked;
      setProblem(null);
      setStep(next);
      onStep(next, isNew);
    } catch (refusal) {
      setProblem(refusal);
    } finally {
      setIsSending(false);
    }
  }

  useEffect(() => {
    move(start(workflow), false);
  }, []);

  if (step === null) return problem ? <p>{problem.message}</p> : <CircularProgress />;
  return (
    <Step
      step={step}
      problem={problem}
      isSending={isSending}
      onSubmit={(answers) => move(submit(step, answers), true)}
      onBack={() => move(back(step), false)}
    />
  );
}
