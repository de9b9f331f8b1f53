import { expect, test } from 'vitest'
import { parseCsv } from './csv.ts'

test('plain and quoted fields, doubled quotes, both kinds of line break, with and without a last one', () => {
  expect(parseCsv('iata,name\r\nDBN,"W. H. ""Bud"" Barron"\n35A,"Union County, Troy Shelton"')).toEqual([
    ['iata', 'name'],
    ['DBN', 'W. H. "Bud" Barron'],
    ['35A', 'Union County, Troy Shelton'],
  ])
  expect(parseCsv('a,b\n')).toEqual([['a', 'b']])
  expect(parseCsv('"two\nlines",x\n')).toEqual([['two\nlines', 'x']])
  expect(parseCsv('')).toEqual([])
})

test('empty fields stay where they are', () => {
  expect(parseCsv('a,,c\n,,\nx,')).toEqual([
    ['a', '', 'c'],
    ['', '', ''],
    ['x', ''],
  ])
})

test('malformed CSV is an error with its position', () => {
  expect(() => parseCsv('a,"b"c\n')).toThrow('not CSV from character 2 on')
  expect(() => parseCsv('a,"b')).toThrow('not CSV from character 2 on')
})
