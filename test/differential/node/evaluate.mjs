// Decides simulations, one a line, and answers each with a line: {"result"} or
// {"error"}, and the condition keys that it took for unknown.
import { createInterface } from 'node:readline'
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate'

for await (const line of createInterface({ input: process.stdin })) {
  const simulation = JSON.parse(line)
  simulation.request.principal ||= anonymousPrincipal
  const answer = await runSimulation(simulation, {})
  const ignored = (answer.result ?? answer.results?.[0])?.ignoredContextKeys ?? []
  process.stdout.write(
    JSON.stringify(answer.resultType === 'error' ? { error: JSON.stringify(answer.errors) } : { result: answer.overallResult, ignored }) + '\n',
  )
}
