// The reader role and its assignment on one factory; deployed into the factory's own resource group.
targetScope = 'resourceGroup'

@description('The data factory that the bot may read.')
param factoryName string

@description('Object id of the bot\'s identity in Azure.')
param principalId string

@allowed([
  'ServicePrincipal'
  'User'
])
param principalType string = 'ServicePrincipal'

// One list of permissions for Bicep, for az and for the test that compares it with the code.
var role = loadJsonContent('reader-role.json')

resource factory 'Microsoft.DataFactory/factories@2018-06-01' existing = {
  name: factoryName
}

resource reader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, role.Name)
  properties: {
    // The name must be the only one in the tenant, and each group has its own definition.
    roleName: '${role.Name} (${resourceGroup().name})'
    description: role.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: role.Actions
        notActions: []
      }
    ]
    assignableScopes: [
      resourceGroup().id
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(factory.id, principalId, reader.id)
  scope: factory
  properties: {
    roleDefinitionId: reader.id
    principalId: principalId
    principalType: principalType
  }
}
