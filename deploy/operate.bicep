// What says at night that the bot needs somebody: alert rules on its own metrics, and a dashboard of them.
// Part of main.bicep, in whose workspace the metrics are. deploy/RUNBOOK.md says what to do for each rule.
targetScope = 'resourceGroup'

param name string
param location string

@description('The log workspace that Application Insights writes its metrics to.')
param workspaceId string

@description('E-mail address that gets the alerts; without one they are in Azure Monitor only.')
param onCall string = ''

var rules = [
  {
    name: 'silent'
    says: 'The bot gives no sign of life: nobody watches the factories, and nobody is answered.'
    severity: 0
    query: 'AppMetrics | where Name == "adfops.heartbeat" | summarize value = sum(Sum)'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'watch-lags'
    says: 'A factory was not seen for more than five minutes: its failures are not announced.'
    severity: 1
    query: 'AppMetrics | where Name == "adfops.watch.lag" | summarize value = max(Sum)'
    operator: 'GreaterThan'
    threshold: 300
  }
  {
    name: 'not-watched'
    says: 'No replica watches the factories: there is no age of any look.'
    severity: 1
    query: 'AppMetrics | where Name == "adfops.watch.lag" | summarize value = sum(ItemCount)'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'queue-waits'
    says: 'A question or an alert has waited for more than ten minutes.'
    severity: 1
    query: 'AppMetrics | where Name == "adfops.queue.age" | summarize value = max(Sum)'
    operator: 'GreaterThan'
    threshold: 600
  }
  {
    name: 'alerts-lost'
    says: 'A message that nobody waits for was given up: a room did not get it.'
    severity: 2
    query: 'AppMetrics | where Name == "adfops.deliveries" and Properties["adfops.delivery.outcome"] == "lost" | summarize value = sum(Sum)'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource told 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(onCall)) {
  name: 'ag-${name}'
  location: 'global'
  properties: {
    groupShortName: 'adf-ops-bot'
    enabled: true
    emailReceivers: [
      {
        name: 'on call'
        emailAddress: onCall
        useCommonAlertSchema: true
      }
    ]
  }
}

// A window of ten minutes holds twenty beats. What is summarized has one row also where nothing was
// written, so a rule sees silence as a nought. Nothing of it goes to Teams: the bot itself may be what fails.
resource alerts 'Microsoft.Insights/scheduledQueryRules@2021-08-01' = [for rule in rules: {
  name: '${name}-${rule.name}'
  location: location
  properties: {
    displayName: '${name}: ${rule.name}'
    description: '${rule.says} See deploy/RUNBOOK.md.'
    severity: rule.severity
    enabled: true
    autoMitigate: true
    evaluationFrequency: 'PT5M'
    windowSize: 'PT10M'
    scopes: [
      workspaceId
    ]
    criteria: {
      allOf: [
        {
          query: rule.query
          metricMeasureColumn: 'value'
          timeAggregation: 'Maximum'
          operator: rule.operator
          threshold: rule.threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: empty(onCall) ? [] : [
        told.id
      ]
    }
  }
}]

resource dashboard 'Microsoft.Insights/workbooks@2022-04-01' = {
  name: guid(resourceGroup().id, name, 'dashboard')
  location: location
  kind: 'shared'
  properties: {
    displayName: 'ADF Ops (${name})'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('dashboard.json')
  }
}
