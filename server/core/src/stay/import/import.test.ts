import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoreError } from '../../errors.ts';
import { FILE_MOST_CHARACTERS, type ReadFile, type Reading } from './booking.ts';
import { readCsv as csvSteps } from './csv.ts';
import { readIcal as icalSteps } from './ical.ts';

const whole = (steps: Reading): ReadFile => {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
};
const readCsv = (text: string): ReadFile => whole(csvSteps(text));
const readIcal = (text: string): ReadFile => whole(icalSteps(text));

const HEADING = 'reference,room,name,arrival,departure,contact,status';

describe('reservations from CSV (RFC 4180)', () => {
  it('reads dates, local times, contacts and cancellations, whatever the order of the columns and their separator', () => {
    const { bookings, bad } = readCsv(
      '\uFEFFName;Room;Reference;Arrival;Departure;Note;Contact;Status\r\n' +
        'Ada;101;B-1;2026-03-01;2026-03-04;late;ada@example.net;\r\n' +
        '"Bo ""Bee"", Jr.";102;B-2;2026-03-01T14:30;2026-03-02T10:00;;+49 30 123456;confirmed\r\n' +
        '\r\n' +
        ';;B-3;;;;;cancelled\r\n',
    );
    expect(bad).toEqual([]);
    expect(bookings).toEqual([
      {
        line: 2,
        reference: 'B-1',
        cancelled: false,
        room: '101',
        name: 'Ada',
        contact: 'ada@example.net',
        arrival: { kind: 'date', date: '2026-03-01' },
        departure: { kind: 'date', date: '2026-03-04' },
      },
      {
        line: 3,
        reference: 'B-2',
        cancelled: false,
        room: '102',
        name: 'Bo "Bee", Jr.',
        contact: '+49 30 123456',
        arrival: { kind: 'local', at: '2026-03-01T14:30:00' },
        departure: { kind: 'local', at: '2026-03-02T10:00:00' },
      },
      {
        line: 5,
        reference: 'B-3',
        cancelled: true,
        room: null,
        name: null,
        contact: null,
        arrival: null,
        departure: null,
      },
    ]);
  });

  it.each([
    ['a date that no calendar has', 'B,101,Ada,2026-02-30,2026-03-04,,', 2, 'arrival'],
    ['a name that is a formula', 'B,101,"=HYPERLINK(""x"")",2026-03-01,2026-03-04,,', 2, 'name'],
    ['a room that is a formula', 'B,@SUM(A1),Ada,2026-03-01,2026-03-04,,', 2, 'room'],
    ['a contact that is a formula', 'B,101,Ada,2026-03-01,2026-03-04,+49+cmd|x,', 2, 'contact'],
    ['no reference', ',101,Ada,2026-03-01,2026-03-04,,', 2, 'reference'],
    ['another status', 'B,101,Ada,2026-03-01,2026-03-04,,maybe', 2, 'status'],
    ['too few fields', 'B,101,Ada', 2, null],
    ['a quote within a field', 'B,10"1,Ada,2026-03-01,2026-03-04,,', 2, null],
    ['text after a quoted field', 'B,"101"x,Ada,2026-03-01,2026-03-04,,', 2, null],
    ['a quote without an end', 'B,"101,Ada,2026-03-01,2026-03-04,,\nC,102,Bo,2026-03-01,2026-03-04,,', 2, null],
    ['a name of 300 characters', `B,101,${'a'.repeat(300)},2026-03-01,2026-03-04,,`, 2, 'name'],
    ['a line break in a name', 'B,101,"A\nb",2026-03-01,2026-03-04,,', 2, 'name'],
  ])('names the line and the field of %s', (_, row, line, field) => {
    const { bookings, bad } = readCsv(`${HEADING}\n${row}`);
    expect(bookings).toEqual([]);
    expect(bad).toMatchObject([{ line, field }]);
  });

  it('reads the lines after a bad one, and counts lines within quotes', () => {
    const { bookings, bad } = readCsv(
      `${HEADING}\n"a\nb\nc",101,Ada,2026-03-01,2026-03-04,,\nB,102,Bo,2026-03-01,2026-03-04,,`,
    );
    expect(bad).toMatchObject([{ line: 2, field: 'reference' }]);
    expect(bookings).toMatchObject([{ line: 5, reference: 'B' }]);
  });

  it('gives back every text that is quoted as the RFC says', () => {
    const text = fc.string({ maxLength: 60, unit: 'grapheme' }).map((name) => `n${name.replace(/\p{Cc}/gu, '')}`);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (names) => {
        const rows = names.map((name, n) => `B${n},101,"${name.replaceAll('"', '""')}",2026-03-01,2026-03-04,,`);
        const { bookings, bad } = readCsv([HEADING, ...rows].join('\r\n'));
        expect(bad).toEqual([]);
        expect(bookings.map(({ name }) => name)).toEqual(names.map((name) => name.trim()));
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no room in its heading', 'reference,name,arrival,departure'],
    ['10 MB', 'x'.repeat(10_000_000)],
    ['more than 100,000 lines', `${HEADING}${'\n'.repeat(100_002)}`],
    ['more than 2,000 bookings', `${HEADING}\n${'B,101,Ada,2026-03-01,2026-03-04,,\n'.repeat(2_001)}`],
  ])('refuses a file of %s as a whole', (_, file) => {
    expect(() => readCsv(file)).toThrow(CoreError);
  });

  it('takes whatever characters without throwing anything else, and never forgets a line', () => {
    const odd = fc.string({ unit: fc.constantFrom('"', ',', ';', '\r', '\n', '=', 'a', '1', '-', ' ', '\u0000') });
    fc.assert(
      fc.property(odd, (body) => {
        const { bookings, bad } = readCsv(`${HEADING}\n${body}`);
        for (const { line } of [...bookings, ...bad]) expect(line).toBeGreaterThan(1);
      }),
    );
  });
});

const calendar = (...events: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events.map((event) => `BEGIN:VEVENT\n${event}\nEND:VEVENT`), 'END:VCALENDAR']
    .join('\n')
    .replaceAll('\n', '\r\n');
const STAY = 'UID:1@x\nSUMMARY:Ada\nLOCATION:101\nDTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260304';

describe('reservations from iCalendar (RFC 5545)', () => {
  it('reads folded lines, escapes, dates, zones and UTC', () => {
    const { bookings, bad } = readIcal(
      calendar(
        `${STAY}\nATTENDEE;CN=Ada:mailto:ada@example.net`,
        'UID:2@x\nSUMMARY:Bo\\, the \n Builder\nLOCATION:102\nDTSTART;TZID=America/New_York:20260301T150000\nDTEND:20260302T160000Z',
      ),
    );
    expect(bad).toEqual([]);
    expect(bookings).toEqual([
      {
        line: 3,
        reference: '1@x',
        cancelled: false,
        room: '101',
        name: 'Ada',
        contact: 'ada@example.net',
        arrival: { kind: 'date', date: '2026-03-01' },
        departure: { kind: 'date', date: '2026-03-04' },
      },
      {
        line: 11,
        reference: '2@x',
        cancelled: false,
        room: '102',
        name: 'Bo, the Builder',
        contact: null,
        arrival: { kind: 'local', at: '2026-03-01T15:00:00', timeZone: 'America/New_York' },
        departure: { kind: 'utc', ms: Date.UTC(2026, 2, 2, 16) },
      },
    ]);
  });

  it('takes the higher SEQUENCE of a UID, and a cancellation without more', () => {
    const { bookings } = readIcal(
      calendar(`${STAY}\nSEQUENCE:2`, `${STAY.replace('101', '102')}\nSEQUENCE:1`, 'UID:2@x\nSTATUS:CANCELLED'),
    );
    expect(bookings).toMatchObject([
      { reference: '1@x', room: '101' },
      { reference: '2@x', cancelled: true, room: null },
    ]);
    const cancel = calendar(STAY).replace('VERSION:2.0', 'METHOD:CANCEL');
    expect(readIcal(cancel).bookings).toMatchObject([{ reference: '1@x', cancelled: true }]);
  });

  it.each([
    ['a rule that comes back every second', `${STAY}\nRRULE:FREQ=SECONDLY;COUNT=2147483647`, 'RRULE'],
    ['a date list', `${STAY}\nRDATE:20260310T000000Z`, 'RDATE'],
    ['a zone of its own', STAY.replace('DTSTART;VALUE=DATE:20260301', 'DTSTART;TZID=Mine:20260301T150000'), 'DTSTART'],
    ['a day that no calendar has', STAY.replace('20260301', '20260230'), 'DTSTART'],
    ['no end', STAY.replace(/\nDTEND.*/, ''), 'DTEND'],
    ['no UID', STAY.replace('UID:1@x\n', ''), 'UID'],
    ['two UIDs', `${STAY}\nUID:2@x`, 'UID'],
    ['a formula for a name', STAY.replace('Ada', '=1+1'), 'SUMMARY'],
    ['a tentative one', `${STAY}\nSTATUS:TENTATIVE`, 'STATUS'],
    ['a line without a colon', `${STAY}\nnonsense`, null],
  ])('names the line and the property of %s', (_, event, field) => {
    const { bookings, bad } = readIcal(calendar(event, STAY.replace('1@x', 'good@x')));
    expect(bookings).toMatchObject([{ reference: 'good@x' }]);
    expect(bad).toMatchObject([{ line: 3, field }]);
  });

  it.each([
    ['what is no calendar', 'reference,room'],
    ['10 MB', `BEGIN:VCALENDAR\r\n${'X'.repeat(10_000_000)}`],
    ['a line folded a hundred thousand times', calendar(`SUMMARY:a${'\n b'.repeat(90_000)}`)],
    ['components in components', `BEGIN:VCALENDAR\r\n${'BEGIN:VEVENT\r\n'.repeat(50_000)}`],
    ['an event that does not end', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1'],
    ['an END of something else', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VALARM'],
    ['more than 2,000 events', calendar(...Array.from({ length: 2_001 }, () => 'UID:1'))],
    [
      'an event of 17,000 characters',
      calendar(`UID:1\nX-A:${'x'.repeat(8_000)}\nX-B:${'x'.repeat(8_000)}\nX-C:${'x'.repeat(1_000)}`),
    ],
    ['an event of a thousand lines', calendar(`UID:1${'\nCOMMENT:x'.repeat(1_000)}`)],
  ])('refuses a file of %s as a whole', (_, file) => {
    expect(file.length > FILE_MOST_CHARACTERS || file.length < 2_000_000).toBe(true);
    expect(() => readIcal(file)).toThrow(CoreError);
  });

  it('passes over alarms and time zones, their rules included', () => {
    const zone =
      'BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n';
    const file = calendar(`${STAY}\nBEGIN:VALARM\nTRIGGER:-PT1H\nUID:other\nEND:VALARM`);
    expect(readIcal(file.replace('BEGIN:VEVENT', `${zone}BEGIN:VEVENT`))).toMatchObject({
      bookings: [{ reference: '1@x' }],
      bad: [],
    });
  });

  it('takes whatever lines without throwing anything else', () => {
    const words = fc.constantFrom(
      'DTSTART',
      'DTEND',
      'UID',
      ':',
      ';',
      '=',
      '"',
      'VALUE',
      'DATE',
      '2026',
      '\\',
      ' ',
      'X-A',
    );
    const line = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        try {
          readIcal(calendar(lines.join('\n')));
        } catch (error) {
          expect(error).toBeInstanceOf(CoreError);
        }
      }),
    );
  });
});
