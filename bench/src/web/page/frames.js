// Run before a page's own scripts: `benchFrames()` begins to keep the gaps between the page's frames, in milliseconds;
// `benchFramesEnd()` ends that and answers them.
globalThis.benchFrames = () => {
  const gaps = [];
  let running = true;
  let last;
  const frame = (now) => {
    if (!running) return;
    if (last !== undefined) gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.benchFramesEnd = () => {
    running = false;
    return gaps;
  };
};
