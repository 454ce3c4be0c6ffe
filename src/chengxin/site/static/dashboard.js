/* Draws the chart of each tile from its table, which is there without this. No inline style, no animation where it is not wanted. */
(() => {
  "use strict";
  if (!window.echarts || matchMedia("(forced-colors: active)").matches) return;
  const css = getComputedStyle(document.documentElement);
  const token = (name) => css.getPropertyValue(name).trim();
  const size = parseFloat(getComputedStyle(document.body).fontSize) * 0.875;
  const colours = ["#0b5394", "#b45309", "#2f7d4f", "#7a4b9e", "#5b6673", "#a0304b"];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const charts = [];

  const value = (cell) => {
    const data = cell && cell.querySelector("data"); // a table with nothing in it has one cell that says so
    return data ? Number(data.value) : null;
  };

  /* What a table says: its rows, the columns that are drawn, and one more for those that are added up. */
  const read = (table) => {
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const rows = [...table.tBodies[0].rows];
    const column = (i) => rows.map((row) => value(row.cells[i + 1]));
    const series = [];
    const rest = rows.map(() => 0);
    let others = 0;
    heads.forEach((head, i) => {
      if (head.dataset.drawn === "own") series.push({ name: head.textContent.trim(), data: column(i) });
      if (head.dataset.drawn === "rest") {
        others += 1;
        column(i).forEach((n, row) => { rest[row] += n || 0; });
      }
    });
    if (others) series.push({ name: table.dataset.rest, data: rest });
    return {
      names: rows.map((row) => row.cells[0].textContent.trim()),
      links: rows.map((row) => (row.cells[0].querySelector("a") || {}).href),
      series,
    };
  };

  const options = (kind, told, description, width) => {
    const narrow = width < 520;
    const labels = Math.min(size * 15.5, width * 0.4);
    const letters = told.series.reduce((sum, one) => sum + one.name.length + 4, 0);
    const legendRows = Math.ceil((letters * size) / (width * 0.9));
    const legend = told.series.length > 1 ? size * 1.8 * legendRows + 8 : 0;
    const lying = kind === "bar" || kind === "parts";
    const stacked = kind === "stack" || kind === "parts";
    const text = { color: token("--ink"), fontSize: size, fontFamily: getComputedStyle(document.body).fontFamily };
    const names = { type: "category", data: told.names, axisLabel: { ...text, hideOverlap: !lying, ...(lying ? { width: labels, overflow: "break", lineHeight: size * 1.15 } : {}) }, axisTick: { show: false } };
    const line = { lineStyle: { color: token("--line") } };
    const numbers = { type: "value", axisLabel: { ...text, hideOverlap: true }, splitNumber: narrow && lying ? 2 : 5, splitLine: line, minInterval: kind === "line" ? undefined : 1, max: kind === "line" ? 100 : undefined };
    if (lying) names.inverse = true;
    return {
      animation: !still,
      aria: { enabled: true, label: { description }, decal: { show: stacked } },
      color: colours,
      textStyle: text,
      grid: lying
        ? { outerBoundsMode: "none", left: labels + 12, right: kind === "bar" ? size * 4.5 : 16, top: 8, bottom: size * 2 + legend }
        : { left: 8, right: 16, top: 16, bottom: size * 2 + legend },
      legend: told.series.length > 1 ? { bottom: 0, textStyle: text, type: "plain" } : undefined,
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, appendTo: "body", renderMode: "richText", confine: true },
      xAxis: lying ? numbers : names,
      yAxis: lying ? names : numbers,
      series: told.series.map((one, i) => ({
        ...one,
        type: kind === "line" ? "line" : "bar",
        stack: stacked ? "all" : undefined,
        z: 2 + told.series.length - i,
        barMaxWidth: 26,
        symbol: ["circle", "emptyDiamond", "triangle"][i % 3],
        symbolSize: 8 + 5 * (i % 3),
        lineStyle: { type: ["solid", "dashed", "dotted"][i % 3], width: 2 },
        connectNulls: false,
        label: { show: kind === "bar", position: "right", ...text, formatter: (p) => p.value.toLocaleString("en") },
      })),
    };
  };

  const draw = (tile) => {
    const box = tile.querySelector(".chart");
    const table = tile.querySelector("table");
    const told = read(table);
    if (!told.series.some((one) => one.data.some((n) => n))) return;
    const kind = box.dataset.kind;
    box.hidden = false;
    const row = box.clientWidth < 520 ? size * 3.6 : 34;
    box.style.height = `${kind === "bar" || kind === "parts" ? row * told.names.length + size * 5 : 340}px`;
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(options(kind, told, box.dataset.told, box.clientWidth));
    chart.on("click", (part) => { if (told.links[part.dataIndex]) location.href = told.links[part.dataIndex]; });
    tile.querySelector("details").open = false;
    charts.push([box, chart, () => options(kind, told, box.dataset.told, box.clientWidth)]);
  };

  document.querySelectorAll(".tile").forEach(draw);
  addEventListener("resize", () => charts.forEach(([, chart, anew]) => {
    chart.resize();
    chart.setOption(anew());
  }));
  addEventListener("beforeprint", () => {
    document.querySelectorAll(".tile details").forEach((one) => { one.open = true; });
    charts.forEach(([, chart]) => {
      chart.setOption({ animation: false });
      chart.resize({ width: 900 });
      chart.getZr().flush(); // printing waits for no frame
    });
  });
  addEventListener("afterprint", () => charts.forEach(([, chart]) => chart.resize({ width: "auto" })));
  document.querySelectorAll("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
})();
