/**
 * What `kubectl explain` says of a definition, or of a field of one, in our words: what Jobs and CronJobs are about. What Pods and others
 * have is explained by the documentation of Kubernetes alone.
 */
export const descriptionOf = (definition: string, field?: string): string | undefined => {
  const name = field === undefined ? definition : `${definition}.${field}`
  return Object.hasOwn(descriptions, name) ? descriptions[name] : undefined
}

const descriptions: Readonly<Record<string, string>> = {
  Job: 'Work that ends: Pods are started until as many have succeeded as were asked for.',
  'Job.spec': 'What the Job is to do.',
  'Job.status': 'How far the Job has come. Written by its controller alone.',
  JobSpec: 'How many Pods run, how they are made, and what counts as the end.',
  'JobSpec.activeDeadlineSeconds': 'Seconds after its start at which a Job that is still active fails.',
  'JobSpec.backoffLimit':
    'How many Pods may fail before the Job fails. 6 unless told, or no limit with backoffLimitPerIndex.',
  'JobSpec.backoffLimitPerIndex': 'How many Pods of one index may fail before the index fails. Only for Indexed Jobs.',
  'JobSpec.completionMode':
    'NonIndexed: Pods are alike, and any of them counts. Indexed: each completion has a number, which its Pod is told.',
  'JobSpec.completions': 'How many Pods have to succeed. Not set: the success of one Pod ends the Job.',
  'JobSpec.managedBy': 'Who controls the Job, when it is not the controller that is built in. It cannot be changed.',
  'JobSpec.manualSelector': 'True: labels and selector are left as they are written. Else they are made to be unique.',
  'JobSpec.maxFailedIndexes': 'How many indexes may fail before the whole Job fails. Only with backoffLimitPerIndex.',
  'JobSpec.parallelism': 'How many Pods may run at the same time. 1 unless told; 0 lets the Job rest.',
  'JobSpec.podFailurePolicy': 'What follows from the failure of a Pod, by its exit codes or conditions.',
  'JobSpec.podReplacementPolicy':
    'When a Pod is replaced. TerminatingOrFailed: as soon as it is being deleted. Failed: once it has ended.',
  'JobSpec.selector': 'Which Pods belong to the Job. Made by the server unless manualSelector is set.',
  'JobSpec.successPolicy': 'When an Indexed Job has succeeded before all of its indexes have.',
  'JobSpec.suspend': 'True: no Pod runs, and those that do are deleted, until it is false again.',
  'JobSpec.template': 'What each Pod of the Job looks like. Its restartPolicy is Never or OnFailure.',
  'JobSpec.ttlSecondsAfterFinished': 'Seconds after its end at which the Job is deleted. Not set: it stays.',
  JobStatus: 'How far a Job has come.',
  'JobStatus.active': 'How many Pods are pending or running, and not being deleted.',
  'JobStatus.completedIndexes': 'The indexes that have succeeded, as numbers and ranges: 1,3-5.',
  'JobStatus.completionTime': 'When the Job was complete. Not set for one that failed.',
  'JobStatus.conditions': 'Whether the Job is suspended, about to end, complete or failed, and why.',
  'JobStatus.failed': 'How many Pods have failed.',
  'JobStatus.failedIndexes': 'The indexes that have failed, with backoffLimitPerIndex.',
  'JobStatus.ready': 'How many of the active Pods are ready.',
  'JobStatus.startTime': 'When the Job began, or went on after it was suspended.',
  'JobStatus.succeeded': 'How many Pods have succeeded.',
  'JobStatus.terminating': 'How many Pods are being deleted but have not ended yet.',
  'JobStatus.uncountedTerminatedPods': 'Pods that have ended and are about to be counted.',
  JobCondition: 'One thing that can be said of a Job as a whole.',
  'JobCondition.lastProbeTime': 'When it was looked at last.',
  'JobCondition.lastTransitionTime': 'Since when it is so.',
  'JobCondition.message': 'Why, in a sentence.',
  'JobCondition.reason': 'Why, in a word.',
  'JobCondition.status': 'True, False or Unknown.',
  'JobCondition.type': 'Suspended, FailureTarget, SuccessCriteriaMet, Failed or Complete.',
  PodFailurePolicy: 'Rules for Pods that fail.',
  'PodFailurePolicy.rules': 'The first rule that fits a Pod decides. When none does, the failure counts as usual.',
  PodFailurePolicyRule: 'What follows from some failures. It looks at exit codes or at conditions, not at both.',
  'PodFailurePolicyRule.action':
    'FailJob: the Job fails. FailIndex: its index fails. Ignore: it does not count. Count: it counts.',
  'PodFailurePolicyRule.onExitCodes': 'Which exit codes of containers fit.',
  'PodFailurePolicyRule.onPodConditions': 'Which conditions of the Pod fit. One of them is enough.',
  'PodFailurePolicyOnExitCodesRequirement.containerName': 'The container that is looked at. Not set: all of them.',
  'PodFailurePolicyOnExitCodesRequirement.operator': 'In: the code is one of the values. NotIn: it is none of them.',
  'PodFailurePolicyOnExitCodesRequirement.values': 'Exit codes in ascending order. 0 cannot be given to In.',
  'PodFailurePolicyOnPodConditionsPattern.status': 'The status that the condition must have.',
  'PodFailurePolicyOnPodConditionsPattern.type': 'The type of the condition, DisruptionTarget for instance.',
  SuccessPolicy: 'When an Indexed Job has succeeded.',
  'SuccessPolicy.rules': 'The Job has succeeded as soon as one of them is met. Pods that still run are deleted.',
  'SuccessPolicyRule.succeededCount': 'How many indexes have to succeed, of those named if any are.',
  'SuccessPolicyRule.succeededIndexes': 'The indexes that have to succeed, as numbers and ranges: 0,2-4.',
  'UncountedTerminatedPods.failed': 'UIDs of Pods that have failed.',
  'UncountedTerminatedPods.succeeded': 'UIDs of Pods that have succeeded.',
  CronJob: 'Starts Jobs by the clock.',
  'CronJob.spec': 'When Jobs are started, and which.',
  'CronJob.status': 'The Jobs that run, and the latest times. Written by the controller alone.',
  CronJobSpec: 'When Jobs are started, and which.',
  'CronJobSpec.concurrencyPolicy':
    'What happens at a time when the Job before still runs. Allow: both run. Forbid: the new one is left out. Replace: the old one is deleted.',
  'CronJobSpec.failedJobsHistoryLimit': 'How many failed Jobs are kept. 1 unless told.',
  'CronJobSpec.jobTemplate': 'What each Job looks like.',
  'CronJobSpec.schedule': 'Minute, hour, day of the month, month and day of the week, or a word such as @daily.',
  'CronJobSpec.startingDeadlineSeconds': 'How many seconds late a Job may be started. Not set: it may be late.',
  'CronJobSpec.successfulJobsHistoryLimit': 'How many complete Jobs are kept. 3 unless told.',
  'CronJobSpec.suspend': 'True: nothing is started. Jobs that run go on.',
  'CronJobSpec.timeZone': 'The time zone of the schedule: Europe/Vienna. Not set: that of the server.',
  'CronJobStatus.active': 'The Jobs that run.',
  'CronJobStatus.lastScheduleTime': 'The latest time for which a Job was started.',
  'CronJobStatus.lastSuccessfulTime': 'When a Job was complete for the last time.',
  'JobTemplateSpec.metadata': 'Labels and annotations of the Jobs.',
  'JobTemplateSpec.spec': 'What the Jobs are to do.',
}

/** All that is described: `Job`, `JobSpec.parallelism`. */
export const described: ReadonlyArray<string> = Object.keys(descriptions)
