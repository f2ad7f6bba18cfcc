// Plotly sizes a figure before its neighbours exist, and printing changes the width without a resize event: on paper
// a figure takes the width that the style gives it on A4 (186 mm, or half of that in a pair).
(function () {
  function each(change) { document.querySelectorAll(".js-plotly-plot").forEach(change); }
  function fit() { each(function (plot) { Plotly.relayout(plot, {width: null, autosize: true}); }); }
  function paper() { each(function (plot) { Plotly.relayout(plot, {width: plot.closest(".pair") ? 335 : 695}); }); }
  window.addEventListener("load", fit);
  window.addEventListener("beforeprint", paper);
  window.addEventListener("afterprint", fit);
})();
