// Uses each part of a client once and closes it. The process ends by itself if nothing is left open. It prints nothing but warnings.
import { roundTrip, testClient } from './support.ts'

await roundTrip(testClient())
