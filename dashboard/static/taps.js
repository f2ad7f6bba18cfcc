// A finger on a chart that answers clicks. Streamlit sets Plotly's "pan" there, which keeps a swipe from scrolling the page,
// and Plotly tells a tap as a click without selecting: where no selection follows, the click is handed on as one.
if (!window.presencaTaps && window.matchMedia("(pointer: coarse)").matches) {
  const still = (plot) => {
    const layout = plot._fullLayout;
    if (layout && String(layout.clickmode).includes("select")) layout.dragmode = plot.layout.dragmode = false;
  };
  const wire = (plot) => {
    if (!plot.on || !plot._fullLayout) return;
    still(plot);
    if (plot.presencaTapped) return;
    plot.presencaTapped = true;
    let told = 0;
    const emit = plot.emit;  // a figure that is drawn again tells of a selection of nothing, which would undo the tap
    plot.emit = (name, event) => (name === "plotly_selected" && !(event && event.points && event.points.length) ? plot : emit(name, event));
    plot.on("plotly_afterplot", () => still(plot));
    plot.on("plotly_selected", () => { told = performance.now(); });
    plot.on("plotly_click", (event) => setTimeout(() => {
      const selects = plot._fullLayout && String(plot._fullLayout.clickmode).includes("select");
      // a click's points know their axes, which know the plot, which knows its points: no end to what Streamlit would send
      const points = event.points.map(({ xaxis, yaxis, ...point }) => point);
      if (selects && performance.now() - told > 300) plot.emit("plotly_selected", { points });
    }, 0));
  };
  window.presencaTaps = setInterval(() => document.querySelectorAll(".js-plotly-plot").forEach(wire), 500);
}
