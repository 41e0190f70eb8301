// React for browsers: Preact, and the one part of React 19 that the router asks for and Preact does not have.
export * from "preact/compat";
export { default } from "preact/compat";

// There are no transitions to be ahead of: each is carried out at once.
export const useOptimistic = (state) => [state, () => {}];
