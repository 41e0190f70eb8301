import { AppBar, Container, CssBaseline, Toolbar, Typography } from "@mui/material";
import { createRoot } from "react-dom/client";
import { Journey } from "./Journey.jsx";

const workflow = window.location.pathname.split("/")[2];

// Each step has an address of its own.
const write = (step, isNew) =>
  window.history[isNew ? "pushState" : "replaceState"](null, "", `/j/${workflow}/${step.stepId}`);

createRoot(document.getElementById("root")).render(
  <>
    <CssBaseline />
    <AppBar position="static">
      <Toolbar>
        <Typography>Journey</Typography>
      </Toolbar>
    </AppBar>
    <Container maxWidth="sm" component="main" sx={{ py: 4 }}>
      <Journey workflow={workflow} onStep={write} />
    </Container>
  </>,
);
