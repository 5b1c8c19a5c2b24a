// Everything the bot runs on: identities, store, container, Azure Bot with the Teams channel, and its
// roles on one factory. deploy/README.md says with which commands.
targetScope = 'resourceGroup'

@description('What everything is called by.')
@minLength(3)
@maxLength(20)
param name string = 'adf-ops'

param location string = resourceGroup().location

@description('Container registry in this resource group, and the image in it.')
param registryName string
param image string

@description('Entra object ids of the first operators, comma-separated.')
param operators string

@description('The data factory that the bot reads.')
param factorySubscription string = subscription().subscriptionId
param factoryGroup string
param factoryName string

@description('The factories file as an object (deploy/factories.sample.json): several factories, people, rooms.')
param factories object = {}

@description('Whether this deployment gives the bot its role on every factory of that object.')
param grantFactories bool = true

@description('The language model: a Foundry project, or an Azure OpenAI resource; none is needed.')
param projectEndpoint string = ''
param openAiEndpoint string = ''
param modelDeployment string = 'gpt-4o-mini'

@description('Further settings of .env.example, by name; those that this file sets itself are not among them.')
param settings object = {}

@secure()
@description('The same for secrets: ADFOPS_ALERT_SECRET, ADFOPS_TICKETS_SECRET ...')
param secrets object = {}

@description('file: one SQLite file, one replica. tables: Azure Tables, which several replicas share, without keys.')
@allowed([
  'file'
  'tables'
])
param storeKind string = 'file'

@description('The most replicas, with storeKind=tables; one runs always.')
@minValue(1)
@maxValue(10)
param maxReplicas int = 3

@description('How often the storage is kept: Standard_ZRS in three zones. Chosen at the first deployment.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GZRS'
])
param storageSku string = 'Standard_LRS'

@description('Application Insights, a dashboard, and alerts when the bot itself is silent.')
param insights bool = true

@description('E-mail address that those alerts go to.')
param onCall string = ''

@description('Which share of the traces is kept, from 0 to 1; metrics are kept whole.')
param traceShare string = '1.0'

@description('With an identity that acts (reruns, cancels, triggers); without it the bot only reads.')
param acts bool = false

@description('UserAssignedMSI: the bot is the identity itself. SingleTenant: an app registration.')
@allowed([
  'UserAssignedMSI'
  'SingleTenant'
])
param appType string = 'UserAssignedMSI'

@description('Application id of the registration; only with SingleTenant.')
param appId string = ''

@description('How the registration signs in: the identity that it trusts, a certificate, or a secret.')
@allowed([
  'federated'
  'certificate'
  'secret'
])
param appCredential string = 'federated'

@secure()
@description('Its client secret; only with appCredential=secret.')
param appPassword string = ''

@secure()
@description('Its certificate and RSA key as PEM; only with appCredential=certificate.')
param appCertificate string = ''

@description('Addresses (CIDR) that may call the bot: those of Teams. Add callers of /api/alerts; [] lets everybody in.')
param callers array = [
  '52.112.0.0/14'
  '52.122.0.0/15'
]

@description('A network of its own, from which alone the storage account can be reached.')
param privateNetwork bool = false

@description('IANA time zone of rooms whose client sends none.')
param zone string = 'UTC'

@description('F0 serves Teams without a charge for messages; S1 comes with an agreement on its level.')
@allowed([
  'F0'
  'S1'
])
param botSku string = 'F0'

var isRegistered = appType == 'SingleTenant'
var signIn = isRegistered ? appCredential : ''
var botId = isRegistered ? appId : identity.properties.clientId
var store = 'store'
var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'
var certificateFolder = '/run/adf-ops'
var declaredFolder = '/run/adf-ops-declared'
var onTables = storeKind == 'tables'
var isDeclared = !empty(factories)
var declared = isDeclared ? [
  {
    name: 'factories'
    value: string(factories)
  }
] : []
var declaredFactories = factories.?factories ?? {}
var granted = grantFactories ? items(declaredFactories) : []
var tableContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var secretsBySignIn = {
  secret: [
    {
      name: 'app-password'
      value: appPassword
    }
  ]
  certificate: [
    {
      name: 'app-certificate'
      value: appCertificate
    }
  ]
}
var settingsBySignIn = {
  secret: [
    {
      name: 'MicrosoftAppPassword'
      secretRef: 'app-password'
    }
  ]
  certificate: [
    {
      name: 'MicrosoftAppCertificate'
      value: '${certificateFolder}/bot.pem'
    }
  ]
  federated: [
    {
      name: 'MicrosoftAppFederatedIdentity'
      value: identity.properties.clientId
    }
  ]
}
var givenSecrets = [for one in items(secrets): {
  name: toLower(replace(one.key, '_', '-'))
  value: one.value
}]
var givenSettings = [for one in items(settings): {
  name: one.key
  value: one.value
}]
var givenSecretSettings = [for one in items(secrets): {
  name: one.key
  secretRef: toLower(replace(one.key, '_', '-'))
}]
var declaredSettings = isDeclared ? [
  {
    name: 'ADFOPS_FACTORIES'
    value: '${declaredFolder}/factories.json'
  }
] : []
var modelSettings = concat(empty(projectEndpoint) ? [] : [
  {
    name: 'PROJECT_ENDPOINT'
    value: projectEndpoint
  }
], empty(openAiEndpoint) ? [] : [
  {
    name: 'AZURE_OPENAI_ENDPOINT'
    value: openAiEndpoint
  }
])
var insightsSettings = insights ? [
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
    secretRef: 'insights'
  }
  {
    name: 'OTEL_TRACES_SAMPLER'
    value: 'parentbased_traceidratio'
  }
  {
    name: 'OTEL_TRACES_SAMPLER_ARG'
    value: traceShare
  }
] : []
var declaredMounts = isDeclared ? [
  {
    volumeName: 'declared'
    mountPath: declaredFolder
  }
] : []
var declaredVolumes = isDeclared ? [
  {
    name: 'declared'
    storageType: 'Secret'
    secrets: [
      {
        secretRef: 'factories'
        path: 'factories.json'
      }
    ]
  }
] : []
var shareMounts = onTables ? [] : [
  {
    volumeName: store
    mountPath: '/data'
  }
]
var shareVolumes = onTables ? [] : [
  {
    name: store
    storageType: 'AzureFile'
    storageName: store
    // The bot's user owns the files; nobrl keeps SQLite's locks on this side of the share.
    // Who may write is decided by a lease beside the file, which works without locks.
    mountOptions: 'uid=10001,gid=10001,dir_mode=0700,file_mode=0600,mfsymlinks,nobrl'
  }
]
var certificateMounts = signIn == 'certificate' ? [
  {
    volumeName: 'certificate'
    mountPath: certificateFolder
  }
] : []
var certificateVolumes = signIn == 'certificate' ? [
  {
    name: 'certificate'
    storageType: 'Secret'
    secrets: [
      {
        secretRef: 'app-certificate'
        path: 'bot.pem'
      }
    ]
  }
] : []
var callerRules = [for (range, at) in callers: {
  name: 'caller-${at}'
  ipAddressRange: range
  action: 'Allow'
}]
var writerSettings = acts ? [
  {
    name: 'ADFOPS_WRITER_CLIENT_ID'
    value: writer!.properties.clientId
  }
] : []
var fixedSettings = [
  {
    name: 'MicrosoftAppId'
    value: botId
  }
  {
    name: 'MicrosoftAppType'
    value: appType
  }
  {
    name: 'MicrosoftAppTenantId'
    value: tenant().tenantId
  }
  {
    name: 'AZURE_CLIENT_ID'
    value: identity.properties.clientId
  }
  {
    name: 'AZURE_SUBSCRIPTION_ID'
    value: factorySubscription
  }
  {
    name: 'AZURE_RESOURCE_GROUP'
    value: factoryGroup
  }
  {
    name: 'AZURE_DATA_FACTORY_NAME'
    value: factoryName
  }
  {
    name: 'ADFOPS_OPERATORS'
    value: operators
  }
  {
    name: 'ADFOPS_ZONE'
    value: zone
  }
  {
    name: 'ADFOPS_STORE'
    value: onTables ? 'tables:${storage.properties.primaryEndpoints.table}adfops' : 'sqlite:////data/adfops.db'
  }
  {
    name: 'ADFOPS_LOG_FORMAT'
    value: 'json'
  }
  {
    name: 'MODEL_DEPLOYMENT_NAME'
    value: modelDeployment
  }
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${name}'
  location: location
}

// Apart from the one that reads: the bot has its token for an approved act and for nothing else.
resource writer 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (acts) {
  name: 'id-${name}-writer'
  location: location
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, identity.id, acrPull)
  scope: registry
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

module reader 'factory.bicep' = {
  name: '${name}-reader'
  scope: resourceGroup(factorySubscription, factoryGroup)
  params: {
    factoryName: factoryName
    principalId: identity.properties.principalId
  }
}

// The first one is granted above.
module readers 'factory.bicep' = [for one in granted: if (one.value.name != factoryName) {
  name: '${name}-reader-${one.key}'
  scope: resourceGroup(one.value.subscription, one.value.resource_group)
  params: {
    factoryName: one.value.name
    principalId: identity.properties.principalId
  }
}]

module actors 'factory.bicep' = [for one in granted: if (acts && one.value.name != factoryName) {
  name: '${name}-operator-${one.key}'
  scope: resourceGroup(one.value.subscription, one.value.resource_group)
  params: {
    factoryName: one.value.name
    principalId: writer!.properties.principalId
    role: 'operator'
  }
}]

module operator 'factory.bicep' = if (acts) {
  name: '${name}-operator'
  scope: resourceGroup(factorySubscription, factoryGroup)
  params: {
    factoryName: factoryName
    principalId: writer!.properties.principalId
    role: 'operator'
  }
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: take('st${uniqueString(resourceGroup().id, name)}', 24)
  location: location
  kind: 'StorageV2'
  sku: {
    name: storageSku
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    // The mount of a file share needs a key of the account; tables are opened by the identity alone.
    allowSharedKeyAccess: !onTables
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: privateNetwork ? {
      defaultAction: 'Deny'
      bypass: 'None'
    } : null
  }

  resource files 'fileServices' = {
    name: 'default'
    properties: {
      shareDeleteRetentionPolicy: {
        enabled: true
        days: 14
      }
    }

    resource share 'shares' = {
      name: store
      properties: {
        shareQuota: 5
      }
    }
  }
}

resource tables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (onTables) {
  name: guid(storage.id, identity.id, tableContributor)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

module network 'network.bicep' = if (privateNetwork) {
  name: '${name}-network'
  params: {
    name: name
    location: location
    storageId: storage.id
    service: onTables ? 'table' : 'file'
  }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${name}'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'cae-${name}'
  location: location
  properties: {
    vnetConfiguration: privateNetwork ? {
      infrastructureSubnetId: network!.outputs.containersSubnetId
      internal: false
    } : null
    workloadProfiles: privateNetwork ? [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ] : null
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }

  resource mounted 'storages' = {
    name: store
    properties: {
      azureFile: {
        accountName: storage.name
        accountKey: storage.listKeys().keys[0].value
        shareName: storage::files::share.name
        accessMode: 'ReadWrite'
      }
    }
  }
}

resource telemetry 'Microsoft.Insights/components@2020-02-02' = if (insights) {
  name: 'appi-${name}'
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
  }
}

module operation 'operate.bicep' = if (insights) {
  name: '${name}-operate'
  params: {
    name: name
    location: location
    workspaceId: logs.id
    onCall: onCall
  }
  dependsOn: [
    telemetry
  ]
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: union({
      '${identity.id}': {}
    }, acts ? {
      '${writer.id}': {}
    } : {})
  }
  properties: {
    managedEnvironmentId: environment.id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 3978
        allowInsecure: false
        ipSecurityRestrictions: callerRules
      }
      registries: [
        {
          server: registry.properties.loginServer
          identity: identity.id
        }
      ]
      secrets: concat(secretsBySignIn[?signIn] ?? [], declared, givenSecrets, insights ? [
        {
          name: 'insights'
          value: telemetry!.properties.ConnectionString
        }
      ] : [])
    }
    template: {
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: name
          image: '${registry.properties.loginServer}/${image}'
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: concat(fixedSettings, writerSettings, settingsBySignIn[?signIn] ?? [], declaredSettings,
            modelSettings, insightsSettings, givenSettings, givenSecretSettings)
          volumeMounts: concat(shareMounts, certificateMounts, declaredMounts)
          probes: [
            {
              // A start waits up to a minute for the owner of the store before it refuses.
              type: 'Startup'
              httpGet: {
                path: '/healthz'
                port: 3978
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 10
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: 3978
              }
              periodSeconds: 30
              timeoutSeconds: 5
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/readyz'
                port: 3978
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 10
            }
          ]
        }
      ]
      volumes: concat(shareVolumes, certificateVolumes, declaredVolumes)
      // Never none, which would neither watch nor answer in time; one alone where the store is one file.
      scale: {
        minReplicas: 1
        maxReplicas: onTables ? maxReplicas : 1
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: '50'
              }
            }
          }
        ]
      }
    }
  }
  dependsOn: [
    pull
    tables
    environment::mounted
  ]
}

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: 'bot-${name}-${uniqueString(resourceGroup().id)}'
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: botSku
  }
  properties: {
    displayName: 'ADF Ops'
    endpoint: 'https://${app.properties.configuration.ingress.fqdn}/api/messages'
    msaAppId: botId
    msaAppType: appType
    msaAppTenantId: tenant().tenantId
    msaAppMSIResourceId: isRegistered ? null : identity.id
    disableLocalAuth: true
    isStreamingSupported: false
  }

  resource teams 'channels' = {
    name: 'MsTeamsChannel'
    location: 'global'
    properties: {
      channelName: 'MsTeamsChannel'
      properties: {
        isEnabled: true
      }
    }
  }
}

output appId string = botId
output endpoint string = bot.properties.endpoint
output botName string = bot.name
output identityObjectId string = identity.properties.principalId
output writerObjectId string = acts ? writer!.properties.principalId : ''
