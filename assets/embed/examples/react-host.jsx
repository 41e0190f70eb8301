// Bundle it with whatever the site uses, for instance: npx rolldown react-host.jsx --file react-host.js
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

function Journey({ workflow, onCompleted }) {
  const element = useRef(null);
  useEffect(() => {
    const completed = ({ detail }) => onCompleted(detail.data.reference);
    const { current } = element;
    current.addEventListener("trex:completed", completed);
    return () => current.removeEventListener("trex:completed", completed);
  }, [onCompleted]);
  return (
    <trex-workflow ref={element} id="widget" tenant="demo" workflow={workflow}>
      <a href={`/h/${workflow}?tenant=demo`}>Go on without the widget</a>
    </trex-workflow>
  );
}

function Site() {
  const [reference, setReference] = useState("");
  const [isShown, show] = useState(true);
  return (
    <>
      <button onClick={() => show(!isShown)}>{isShown ? "Hide" : "Show"}</button>
      {isShown && <Journey workflow="buying" onCompleted={setReference} />}
      {reference && <p role="status">Sent as {reference}</p>}
    </>
  );
}

createRoot(document.getElementById("root")).render(<Site />);
