"use strict";
// The figures of a run as curves: of the report and of the browser. `data` is what /api/curves
// answers with (docs/browser.md); figures by street share a chart.
const Curves = (() => {
  const COLOURS = ["#1f77b4", "#d08a00", "#2f8f3a", "#cf3030"];
  // Time itself, and what stays as the command line has it.
  const LEFT_OUT = ["unix_time", "seconds", "run_seconds", "threads"];

  function short(value) {
    for (const [scale, letter] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (Math.abs(value) >= scale) return +(value / scale).toPrecision(4) + letter;
    }
    return String(+value.toPrecision(4));
  }
  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }
  function byFigure(data) {
    const figures = new Map();
    for (const curve of data.curves) {
      const name = curve.name.replace(/\[\d+\]$/, "");
      if (LEFT_OUT.includes(name)) continue;
      if (!figures.has(name)) figures.set(name, []);
      figures.get(name).push(curve);
    }
    return figures;
  }
  const isStill = curves => {
    const all = curves.flatMap(curve => curve.values.filter(value => value !== null));
    return all.every(value => value === all[0]);
  };

  // Draws into `place`; drawn again there, charts take the new data. Returns the names and values
  // of figures that never change, which have no chart.
  function draw(place, data, streets) {
    const trained = data.run_seconds.at(-1) ?? 0;
    const [unit, per] = trained > 7200 ? ["hours", 3600] : trained > 300 ? ["minutes", 60] : ["seconds", 1];
    const still = [];
    place.charts ??= new Map();
    for (const [name, curves] of byFigure(data)) {
      if (isStill(curves) && !place.charts.has(name)) { still.push(`${name} ${curves[0].values.at(-1)}`); continue; }
      const file = data.run_seconds.map((s, i) => [s / per, ...curves.map(curve => curve.values[i])]);
      const labels = ["time", ...curves.map((_, i) => curves.length > 1 ? streets[i] || `street ${i}` : name)];
      const told = `${curves[0].help} (${curves[0].unit}); ${unit} of training`;
      const before = place.charts.get(name);
      if (before) {
        before.text.textContent = told;
        before.chart.updateOptions({file, labels});
        continue;
      }
      const box = element("div", {className: "chart"}), text = element("div", {className: "soft", textContent: told});
      const holder = element("div", {}, element("h3", {textContent: name}), box, text);
      holder.dataset.figure = name;
      place.append(holder);
      place.charts.set(name, {text, chart: new Dygraph(box, file, {
        labels, colors: COLOURS, connectSeparatedPoints: true, drawPoints: name.startsWith("evaluation."),
        legend: "follow", includeZero: !name.endsWith("_bytes"), axisLabelFontSize: 11,
        gridLineColor: "rgba(128,128,128,.3)",
        axes: {y: {axisLabelFormatter: short, valueFormatter: short, axisLabelWidth: 54},
               x: {valueFormatter: x => `${short(x)} ${unit}`}}})});
    }
    return still;
  }
  return {draw, short};
})();
