// A network for the container and the storage account, which then has no other way in.
targetScope = 'resourceGroup'

param name string
param location string

@description('The storage account that is reached from this network alone.')
param storageId string

@description('What of it is reached: the file share, or the tables.')
@allowed([
  'file'
  'table'
])
param service string = 'file'

@description('Where the bot lives; change it where it overlaps with a network that is connected.')
param addresses string = '10.77.0.0/24'

// The name of this zone is fixed: names of the service resolve in it to the private address.
var zoneName = 'privatelink.${service}.${environment().suffixes.storage}'

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-${name}'
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [
        addresses
      ]
    }
  }

  resource containers 'subnets' = {
    name: 'containers'
    properties: {
      addressPrefix: cidrSubnet(addresses, 26, 0)
      delegations: [
        {
          name: 'containers'
          properties: {
            serviceName: 'Microsoft.App/environments'
          }
        }
      ]
    }
  }

  resource endpoints 'subnets' = {
    name: 'endpoints'
    properties: {
      addressPrefix: cidrSubnet(addresses, 26, 1)
      privateEndpointNetworkPolicies: 'Enabled'
    }
    dependsOn: [
      containers
    ]
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: zoneName
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: 'link-${name}'
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2023-11-01' = {
  name: 'pe-${name}-${service}s'
  location: location
  properties: {
    subnet: {
      id: network::endpoints.id
    }
    privateLinkServiceConnections: [
      {
        name: '${service}s'
        properties: {
          privateLinkServiceId: storageId
          groupIds: [
            service
          ]
        }
      }
    ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: '${service}s'
          properties: {
            privateDnsZoneId: zone.id
          }
        }
      ]
    }
    dependsOn: [
      zone::link
    ]
  }
}

output containersSubnetId string = network::containers.id
