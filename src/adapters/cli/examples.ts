/** What `--help` of each command ends with. */
export const examples = (
  command: string,
  lines: ReadonlyArray<readonly [command: string, meaning: string]>,
): string => {
  const width = Math.max(...lines.map(([words]) => words.length))
  const told = lines.map(
    ([words, meaning]) => `  jobledger ${command === '' ? '' : `${command} `}${words.padEnd(width)}  # ${meaning}`,
  )
  return ['', 'Examples:', ...told, ''].join('\n')
}

export const programExamples = examples('', [
  ['run -f examples/pi.yaml', 'run a Job here, now'],
  ['get pods -w', 'watch its Pods from another terminal'],
  ['logs -f job/pi', 'read along'],
  ['history job/pi', 'everything that happened, and why'],
])

export const runExamples = `
Exit code: 0 the Job is Complete, 1 it has Failed (or was refused), 130 interrupted by Ctrl-C.
A Job that is not finished goes on with the same command, also after a crash.
${examples('run', [
  ['-f examples/indexed.yaml', 'to its end, with progress and what its Pods print'],
  ['-f examples/pi.yaml --replace', 'again, when one of this name has finished'],
  ['-f job.yaml --no-network', 'its Pods reach nobody'],
  ['-f - < job.yaml', 'the manifest from standard input'],
])}`

export const workExamples = examples('work', [
  ['', 'Jobs and CronJobs that `apply` recorded, and those that come'],
  ['--runtime simulated', 'with Pods that only seem to run'],
])

export const serveExamples = `
Only this machine can connect, unless --host names another address of it. The file of users has
a line for each: token,name,uid,"groups"; those of the group read-only can change nothing.
${examples('serve', [
  ['', 'and ask it by the command that it prints'],
  ['--port 0 --runtime simulated', 'any free port, Pods that only seem to run'],
  ['--runtime external', 'clients run the Pods, as kubelets would'],
  ['--nodes 3', 'this machine as three nodes'],
  ['--token-file users.csv', 'for more users than the one who serves'],
  ['--insecure-http 8080 --anonymous', 'for all on this machine'],
])}`

export const kubeconfigExamples = examples('kubeconfig', [
  ['> jobledger.kubeconfig', 'for kubectl --kubeconfig'],
  ['--merge', 'for kubectl --context jobledger'],
  ['--merge --context work', 'under another name'],
  ['--user grace --token-file users.csv', 'for a user of the token file'],
])

export const simulateExamples = `
Exit code: 0 the Job would be Complete (of a CronJob: no Job would fail), 1 otherwise.
What Pods do is a file of its own; without it each succeeds at once. Its fields: docs/scenarios.md
${examples('simulate', [
  ['-f examples/pi.yaml', 'each Pod succeeds at once'],
  ['-f job.yaml --outcomes outcomes.yaml', 'what a backoffLimit comes to'],
  ['-f job.yaml --outcomes outcomes.yaml --seed 7', 'the same with other luck'],
  ['-f examples/cron.yaml --until 1h', 'the next hour of a CronJob'],
])}`

export const applyExamples = examples('apply', [
  ['-f examples/cron.yaml', 'a CronJob that starts a Job every minute'],
  ['-f - < job.yaml', 'the manifest from standard input'],
])

export const createExamples = examples('create', [
  ['job now --from=cronjob/cron', 'as if its time had come, under this name'],
])

export const getExamples = examples('get', [
  ['jobs', 'all Jobs of the namespace'],
  ['cronjobs', 'all CronJobs; cj for short'],
  ['pods -w', 'each change of a Pod too, until Ctrl-C'],
  ['job/pi -o yaml', 'one Job, whole'],
  ['pods -l job-name=pi -o name', 'the names of the Pods of a Job'],
  ['all -A', 'Jobs, CronJobs and Pods of every namespace'],
])

export const describeExamples = examples('describe', [
  ['job pi', 'its spec, its state and its last events'],
  ['pod pi-7kx2p', 'a Pod with its containers'],
  ['cronjob cron', 'its schedule, its Jobs and its last events'],
  ['pods', 'all Pods of the namespace'],
])

export const logsExamples = examples('logs', [
  ['job/pi', 'of the first Pod of a Job'],
  ['-f job/pi', 'and go on until its container ends'],
  ['pi-7kx2p -c pi --tail 20', 'the last lines of one container'],
  ['-p pi-7kx2p', 'of the run before its last restart'],
])

export const historyExamples = examples('history', [
  ['job/pi', 'a line for each event'],
  ['job/pi -o json', 'the same for programs'],
  ['cronjob/cron', 'every run, and what became of it'],
])

export const deleteExamples = examples('delete', [
  ['job/pi', 'the Job at once, its Pods as they end'],
  ['job/pi --cascade foreground', 'the Job when the last Pod is gone'],
  ['job/pi --cascade orphan', 'the Job alone: its Pods run on'],
  ['cronjob/cron', 'the CronJob at once, its Jobs after it'],
])

export const suspendExamples = examples('suspend', [
  ['job/pi', 'its Pods are stopped and not counted'],
  ['cronjob/cron', 'it starts no Job any more'],
])

export const resumeExamples = examples('resume', [
  ['job/pi', 'its Pods are created again, its deadline starts anew'],
  ['cronjob/cron', 'it starts Jobs again, the last one missed at once'],
])

export const scaleExamples = examples('scale', [
  ['job/indexed --parallelism 5', 'five Pods at a time'],
  ['job/indexed --parallelism 0', 'none'],
])

export const exportExamples = examples('export', [
  ['> log.jsonl', 'the log of the data folder, or of --store, in a file'],
])

export const importExamples = examples('import', [
  ['-f log.jsonl', 'into an empty log'],
  ['-f log.jsonl --positions > positions.tsv', 'and keep which position became which'],
])
