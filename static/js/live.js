// Hears what changed and tells the page: `live:<name>` on the body, with the ids as its detail.
// One tab of the browser holds the stream and passes on what it hears; browsers allow six connections only.
const heard = new BroadcastChannel("live");

function dispatch({ name, ids }) {
  document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail: ids }));
}

function listen() {
  const stream = new EventSource("/live/");
  const names = ["case", "pop", "queue", "conversation", "message", "wall", "notice", "resync"];
  for (const name of names) {
    stream.addEventListener(name, (event) => {
      const word = { name, ids: JSON.parse(event.data) };
      heard.postMessage(word);
      dispatch(word);
    });
  }
  return new Promise((resolve) => {
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) resolve();
    });
  });
}

heard.addEventListener("message", (event) => dispatch(event.data));
if (navigator.locks) navigator.locks.request("live", listen);
else listen();
