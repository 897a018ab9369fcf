export const number = 1;
export const nested = { a: { b: { c: 1 } } };
export default function sample() {}
