/** Every item of a listing at once, page after page. For what is known to be few (floors), or wanted whole (doors of a plan). */
export async function everyOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
