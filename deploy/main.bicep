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
var settings = [
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
    value: 'sqlite:////data/adfops.db'
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
    name: 'Standard_LRS'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    // The mount of a file share needs a key of the account, so those cannot be switched off.
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

module network 'network.bicep' = if (privateNetwork) {
  name: '${name}-network'
  params: {
    name: name
    location: location
    storageId: storage.id
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
      secrets: secretsBySignIn[?signIn] ?? []
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
          env: concat(settings, writerSettings, settingsBySignIn[?signIn] ?? [])
          volumeMounts: concat([
            {
              volumeName: store
              mountPath: '/data'
            }
          ], certificateMounts)
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
      volumes: concat([
        {
          name: store
          storageType: 'AzureFile'
          storageName: environment::mounted.name
          // The bot's user owns the files; nobrl keeps SQLite's locks on this side of the share.
          // Who may write is decided by a lease beside the file, which works without locks.
          mountOptions: 'uid=10001,gid=10001,dir_mode=0700,file_mode=0600,mfsymlinks,nobrl'
        }
      ], certificateVolumes)
      // Exactly one: the store is one file, and none would neither watch nor answer in time.
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
  dependsOn: [
    pull
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
