export { type Attack, type AttackOptions, type AttackResult, resultOf, type Trial } from './attack.ts';
export { attacks } from './list.ts';
