// What a page writes into its own address (the file, a filter) replaces the entry of the browser's history: "Back" leaves
// the page at once, and only going to another page is a step.
if (!window.presencaComplete) {
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const same = address != null && new URL(address, location.href).pathname === location.pathname;
    return same ? history.replaceState(state, title, address) : push(state, title, address);
  };
  window.presencaComplete = (extra) => {
    if (extra) history.replaceState(history.state, "", location.pathname + (location.search ? location.search + "&" : "?") + extra);
  };
}
{
  const told = [...document.querySelectorAll("[data-presenca-address]")].pop();
  window.presencaComplete(told ? told.dataset.presencaAddress : "");
}
