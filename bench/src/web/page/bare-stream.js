// Run in an empty page: follows the stream of events by the least there is, and keeps when each change of a door's state
// came, with the door's word. Resolves when the stream stands.
globalThis.benchBare = async () => {
  globalThis.benchHeard = [];
  const answer = await fetch('/v1/events/stream', { headers: { accept: 'text/event-stream' } });
  if (!answer.ok) throw new Error(`the stream answered ${answer.status}`);
  const read = async () => {
    const decoder = new TextDecoder();
    const reader = answer.body.getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: ?(.*)$/m.exec(text.slice(0, end))?.[1];
        text = text.slice(end + 2);
        if (data === undefined) continue;
        const event = JSON.parse(data);
        if (event.type !== 'door.state_changed') continue;
        const atMs = performance.timeOrigin + performance.now();
        globalThis.benchHeard.push({ atMs, doorId: event.door_id, door: event.detail.door });
      }
    }
  };
  void read();
};
