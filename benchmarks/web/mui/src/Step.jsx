import { Alert, Box, Button, LinearProgress, Stack, Typography } from "@mui/material";
import { answersOf } from "./answers.js";
import { Control } from "./Control.jsx";

// The step on display: its title, its fields, and the ways on and back.
export function Step({ step, problem, isSending, onSubmit, onBack }) {
  const { title, intro, fields = [], submit = "Continue" } = step.uiConfig;
  const { done, expected } = step.progress;
  const send = (event) => {
    event.preventDefault();
    onSubmit(answersOf(event.currentTarget, fields));
  };
  const errorOf = (field) =>
    problem?.errors?.find((fault) => fault.field === field.name)?.message;
  return (
    <Box component="section" data-step={step.stepId}>
      <Stack spacing={3}>
        <LinearProgress
          variant="determinate"
          aria-label="Progress"
          value={(100 * done) / Math.max(expected, 1)}
        />
        <Typography variant="h4" component="h1">
          {title}
        </Typography>
        {intro && <Typography color="text.secondary">{intro}</Typography>}
        {problem && <Alert severity="error">{problem.message}</Alert>}
        {step.status === "active" && (
          <Stack component="form" spacing={3} noValidate key={step.stepId} onSubmit={send}>
            {fields.map((field) => (
              <Control
                key={field.name}
                field={field}
                answer={step.answers[field.name]}
                error={errorOf(field)}
              />
            ))}
            <Stack direction="row" spacing={2}>
              {step.navigationOptions.canGoBack && <Button onClick={onBack}>Back</Button>}
              <Button type="submit" variant="contained" loading={isSending}>
                {submit}
              </Button>
            </Stack>
          </Stack>
        )}
      </Stack>
    </Box>
  );
}
