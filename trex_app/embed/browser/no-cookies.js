// In the place of a library for cookies that scripts can read: no state of ours is kept in one.
const refuse = () => {
  throw new Error("State in cookies needs universal-cookie; see trex_app/embed/browser/vite-plugin.js.");
};

export default class Cookies {
  get = refuse;
  set = refuse;
  remove = refuse;
}
