// Run before a page's own scripts: keeps when each frame that drew on a canvas was over, and what the chosen door's option
// said then. Times are milliseconds of Unix time with their fractions.
globalThis.benchPaints = [];
{
  const { drawImage } = CanvasRenderingContext2D.prototype;
  const { port1, port2 } = new MessageChannel();
  let awaited = false;
  // A message posted while a frame is made is handled once that frame has been handed over.
  port1.onmessage = () => {
    awaited = false;
    globalThis.benchPaints.push({
      atMs: performance.timeOrigin + performance.now(),
      says: document.querySelector('[role=listbox] [role=option]')?.textContent ?? '',
    });
  };
  CanvasRenderingContext2D.prototype.drawImage = function (...args) {
    if (!awaited && this.canvas.isConnected) {
      awaited = true;
      port2.postMessage(undefined);
    }
    return drawImage.apply(this, args);
  };
}
