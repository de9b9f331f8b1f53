// Uses everything once and closes it. Ends by itself when nothing is left open, and prints nothing when there is nothing to warn of.
import { roundTrip, testClient } from './support.ts'

await roundTrip(testClient())
