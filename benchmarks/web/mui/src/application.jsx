import { Container } from "@mui/material";
import { createRoot } from "react-dom/client";
import { Journey } from "./Journey.jsx";

// The journey as an application of single-spa. `onReady` hears of the first step that can be answered.
let root;

export const bootstrap = async () => {};

export const mount = async ({ domElement, workflow, onReady }) => {
  root = createRoot(domElement);
  root.render(
    <Container maxWidth="sm" sx={{ py: 4 }}>
      <Journey workflow={workflow} onStep={onReady} />
    </Container>,
  );
};

export const unmount = async () => root.unmount();
