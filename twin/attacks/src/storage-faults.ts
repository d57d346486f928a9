import { type Attack, resultOf } from './attack.ts';
import { failingFlash, failingJournal } from './storage/failing-flash.ts';
import { corruptPages, failingRecord } from './storage/failing-record.ts';
import { oldBackup } from './storage/old-backup.ts';

/**
 * Attack 27: the disk is full, an I/O error, a failed fsync, a damaged page, an old backup: in the server, the gateway and the lock, every
 * call in turn. With real processes and real system calls: `npm run chaos -- --what disk,fsync`.
 */
export const storageFaults: Attack = {
  id: 27,
  title: 'disk full, I/O error, fsync failure, corrupt page, an old backup restored',
  weakDouble: 'a record that tries a failed sync again and believes the disk; a folder that is put back as it was',
  async run({ weak, seed, effort }) {
    const record = await failingRecord(weak);
    if (weak) return resultOf([...record, ...(await oldBackup(true))]);
    return resultOf([
      ...record,
      ...(await corruptPages(seed)),
      ...(await oldBackup(false)),
      ...(await failingJournal(seed)),
      ...(await failingFlash(seed, effort)),
    ]);
  },
};
