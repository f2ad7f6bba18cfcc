// What a page that was just come to adds to its own address, once the browser stands on it: told sooner, the entry of
// the page that is left would be changed, and "Back" would not find what was chosen there.
{
  const plain = (path) => decodeURI(path).replace(/\/+$/, "");
  const told = [...document.querySelectorAll("[data-presenca-entry]")].pop();
  const until = performance.now() + 5000;
  const complete = ({ path, query }) => {
    if (!told.isConnected || performance.now() > until) return;
    if (plain(location.pathname) !== plain(path)) setTimeout(complete, 20, { path, query });
    else history.replaceState(history.state, "", location.pathname + (query ? "?" + query : ""));
  };
  if (told) complete(JSON.parse(told.dataset.presencaEntry));
}
