/** Everything that is counted or waited for at a gateway. Times in milliseconds. */
export const LIMITS = {
  /** Frames that wait for one lock. */
  framesPerLock: 8,
  /** Frames that wait in all. */
  frames: 256,
  /** Unbound locks that are remembered besides the gateway's own. */
  strangers: 64,
  /** Advertisements whose meaning is remembered. */
  recognitions: 512,

  /** An address is tried this long after it was last heard. */
  addressLifeMs: 20_000,
  /** A frame for a lock that nobody hears is given up after this. */
  unheardMs: 3_000,
  /** A connection attempt, and the grace that the radio's own timeout is given. */
  connectMs: 1_500,
  connectGraceMs: 250,
  /** Connection attempts for one frame before its lock counts as out of range. */
  connectTries: 3,
  /** One GATT write. */
  writeMs: 1_000,

  /** With nobody else waiting, a connection is kept this long after the last message ... */
  lingerMs: 3_000,
  /** ... and this long for an answer that is still due: it may be late, and late is better than unknown. */
  answerMs: 15_000,
  /** With others waiting, a lock has this long to answer (a bolt takes its time) ... */
  patienceMs: 1_200,
  /** ... a lock that did not the last time, this long ... */
  shortPatienceMs: 800,
  /** ... and the RAS this long to go on after an answer. */
  graceMs: 150,
  /** With others waiting, no lock is served longer than this at a time. */
  turnMs: 4_000,

  /** The second slot in a row without an answer makes the lock wait, each further one twice as long. */
  backOffFirstMs: 2_000,
  backOffMostMs: 300_000,
  /** ... unless it is heard under a new address, as after a restart: so often until it has answered. */
  returnsMost: 3,

  /** A lock is reported again, though nothing has changed, after this. */
  sightingEveryMs: 60_000,
  /** A changed sighting of one lock waits until this has passed since the last. */
  sightingGapMs: 1_000,
  /** Sightings a second, over all locks. */
  sightingsPerSecond: 20,

  /** Reports of lock messages that wait for the RAS; beyond, the oldest go (the locks keep their events themselves). */
  journalReports: 5_000,
  /** Reports on their way at a time, of one lock one at most, so that each lock's stay in order. */
  reportsOnTheWay: 16,
  /** A report that was not taken is sent again after this. */
  reportRetryMs: 1_000,
} as const;
