import type { Client } from '@cardea/client-sdk';
import type { Command } from 'commander';
import { EXIT } from './errors.ts';
import type { Io } from './io.ts';
import { type Profile, profilePath, readProfile } from './profile.ts';

/** How a signed-in client is made from a profile: the real one speaks HTTPS. */
export type Connect = (profile: Pick<Profile, 'url' | 'caFile'> & { readonly token: string | undefined }) => Client;

/** What a command's action works with. */
export interface Context {
  readonly io: Io;
  /** Whether the result goes out as JSON. */
  readonly json: boolean;
  /** Path of the profile in force. */
  readonly profilePath: string;
  /** The API, signed in by the profile. @throws CliError when there is no usable profile */
  api(): Client;
  readonly connect: Connect;
  /** Prints a result: `document` with --json, else the text that `human` makes. */
  print(document: unknown, human: () => string): void;
}

/** The exit code of an action; nothing means succeeded. */
export type Action<Args extends unknown[]> = (
  context: Context,
  ...args: Args
) => Promise<number | undefined | undefined>;

interface GlobalOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

/** Gives an action to `command`: arguments and options as commander hands them, without the command itself. */
export type Register = <Args extends unknown[]>(command: Command, action: Action<Args>) => Command;

/** Binds actions to `io` and `connect`; the exit code of the action that ran goes to `ended`. */
export function registrar(io: Io, connect: Connect, ended: (exitCode: number) => void): Register {
  return (command, action) =>
    command.action(async (...given: unknown[]) => {
      const self = given.pop() as Command;
      const globals: GlobalOptions = self.optsWithGlobals();
      const json = globals.json === true;
      const path = profilePath(io, globals.profile);
      const context: Context = {
        io,
        json,
        profilePath: path,
        connect,
        api: () => connect(readProfile(path)),
        print(document, human) {
          io.out(json ? `${JSON.stringify(document, null, 2)}\n` : human());
        },
      };
      // commander hands over what it parsed; each command's own declaration says the shape.
      const code = await action(context, ...(given as never));
      ended(typeof code === 'number' ? code : EXIT.succeeded);
    });
}
