// A role of the bot and its assignment on one factory; deployed into the factory's own resource group.
targetScope = 'resourceGroup'

@description('The data factory that the role is for.')
param factoryName string

@description('Object id of the identity in Azure: the one that reads, or the one that acts.')
param principalId string

@allowed([
  'ServicePrincipal'
  'User'
])
param principalType string = 'ServicePrincipal'

@description('What it may do: read, act, or see which roles people have.')
@allowed([
  'reader'
  'operator'
  'people'
])
param role string = 'reader'

// One list of permissions for Bicep, for az and for the test that compares it with the code.
var roles = {
  reader: loadJsonContent('reader-role.json')
  operator: loadJsonContent('operator-role.json')
  people: loadJsonContent('people-role.json')
}
var granted = roles[role]

resource factory 'Microsoft.DataFactory/factories@2018-06-01' existing = {
  name: factoryName
}

resource definition 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, granted.Name)
  properties: {
    // The name must be the only one in the tenant, and each group has its own definition.
    roleName: '${granted.Name} (${resourceGroup().name})'
    description: granted.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: granted.Actions
        notActions: []
      }
    ]
    assignableScopes: [
      resourceGroup().id
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(factory.id, principalId, definition.id)
  scope: factory
  properties: {
    roleDefinitionId: definition.id
    principalId: principalId
    principalType: principalType
  }
}
