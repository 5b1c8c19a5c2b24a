// Azure Monitor tells the bot at once: an action group with a secure webhook, and alert rules on one factory;
// deployed into the factory's own resource group. deploy/README.md ("Push alerts") says with which commands.
targetScope = 'resourceGroup'

@description('The data factory that the rules watch.')
param factoryName string

@description('Where the bot takes alerts: https://HOST/api/alerts.')
param endpoint string

@description('Application id of the bot registration, for which the token is made out.')
param appId string

@description('Object id of the enterprise application (service principal) of that registration.')
param appObjectId string

param tenantId string = tenant().tenantId

@description('How often the rules look. A failure is announced within this and some minutes of delivery.')
@allowed([
  'PT1M'
  'PT5M'
])
param every string = 'PT1M'

var rules = [
  {
    name: 'failed'
    metric: 'PipelineFailedRuns'
    says: 'A pipeline run failed.'
  }
  {
    name: 'overlong'
    metric: 'PipelineElapsedTimeRuns'
    says: 'A pipeline run is past its elapsed-time policy.'
  }
  {
    name: 'trigger-failed'
    metric: 'TriggerFailedRuns'
    says: 'A trigger could not start its pipelines.'
  }
]
// By pipeline or trigger, so that each has an alert of its own that is fired and resolved.
var byName = [
  {
    name: 'Name'
    operator: 'Include'
    values: [
      '*'
    ]
  }
]

resource factory 'Microsoft.DataFactory/factories@2018-06-01' existing = {
  name: factoryName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'adf-ops-${factoryName}'
  location: 'global'
  properties: {
    groupShortName: 'adf-ops'
    enabled: true
    webhookReceivers: [
      {
        name: 'adf-ops'
        serviceUri: endpoint
        useCommonAlertSchema: true
        useAadAuth: true
        objectId: appObjectId
        identifierUri: 'api://${appId}'
        tenantId: tenantId
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [for rule in rules: {
  name: 'adf-ops-${factoryName}-${rule.name}'
  location: 'global'
  properties: {
    description: rule.says
    severity: 2
    enabled: true
    autoMitigate: true
    scopes: [
      factory.id
    ]
    evaluationFrequency: every
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: rule.name
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.DataFactory/factories'
          metricName: rule.metric
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Total'
          dimensions: byName
        }
      ]
    }
    actions: [
      {
        actionGroupId: group.id
      }
    ]
  }
}]
