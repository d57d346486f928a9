// Run before a page's own scripts: keeps how long each task took that held the page for over 50 ms.
globalThis.benchLongTasks = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) globalThis.benchLongTasks.push(duration);
}).observe({ type: 'longtask', buffered: true });
