// Run before a page's own scripts: keeps when each frame that shows a drawing on a canvas was over, and what the chosen
// door's option said then; of what is drawn between two frames, when the next was over. Times are milliseconds of Unix time
// with their fractions.
globalThis.benchPaints = [];
{
  const { drawImage } = CanvasRenderingContext2D.prototype;
  const { port1, port2 } = new MessageChannel();
  const nextFrame = globalThis.requestAnimationFrame.bind(globalThis);
  let inFrame = false;
  let drawn = false;
  globalThis.requestAnimationFrame = (then) =>
    nextFrame((now) => {
      // A message posted while a frame is made is handled once that frame has been handed over.
      if (!inFrame) port2.postMessage(undefined);
      inFrame = true;
      then(now);
    });
  port1.onmessage = () => {
    inFrame = false;
    if (!drawn) return;
    drawn = false;
    globalThis.benchPaints.push({
      atMs: performance.timeOrigin + performance.now(),
      says: document.querySelector('[role=listbox] [role=option]')?.textContent ?? '',
    });
  };
  CanvasRenderingContext2D.prototype.drawImage = function (...args) {
    if (!drawn && this.canvas.isConnected) {
      drawn = true;
      if (!inFrame) requestAnimationFrame(() => {});
    }
    return drawImage.apply(this, args);
  };
}
