"""The order in which an export writes the menus, as exports of real routers have it."""

from __future__ import annotations

_V6 = """
/interface/bridge /interface/ethernet /interface/pppoe-client /interface/l2tp-client /interface/eoip
/interface/gre /interface/vlan /interface/list /interface/wireless/security-profiles
/interface/wireless /ip/pool /ip/dhcp-server /ppp/profile /queue/simple /snmp/community
/system/logging/action /user/group /interface/bridge/port /interface/bridge/settings
/interface/bridge/vlan /ip/firewall/connection/tracking /ip/neighbor/discovery-settings /ip/settings
/interface/detect-internet /interface/l2tp-server/server /interface/list/member
/interface/pppoe-server/server /interface/wireless/access-list /ip/address /ip/arp /ip/cloud
/ip/dhcp-client /ip/dhcp-server/lease /ip/dhcp-server/network /ip/dns /ip/dns/static
/ip/firewall/address-list /ip/firewall/filter /ip/firewall/mangle /ip/firewall/nat /ip/firewall/raw
/ip/firewall/service-port /ip/route /ip/service /ip/ssh /ppp/aaa /ppp/secret /radius /snmp
/system/clock /system/identity /system/logging /system/note /system/ntp/client
/system/package/update /system/routerboard/settings /system/scheduler /system/script
/tool/bandwidth-server /tool/e-mail /tool/mac-server /tool/mac-server/mac-winbox
/tool/mac-server/ping /tool/netwatch /tool/romon /user/aaa
"""

_V7 = """
/interface/bridge /interface/ethernet /interface/pppoe-client /interface/l2tp-client /interface/eoip
/interface/gre /interface/wireguard /interface/vlan /interface/bonding /interface/list
/interface/wifi/security /interface/wifi/configuration /interface/wifi
/interface/wireless/security-profiles /interface/wireless /ip/pool /ip/dhcp-server /ppp/profile
/queue/simple /routing/table /snmp/community /system/logging/action /user/group
/interface/bridge/port /interface/bridge/settings /ip/firewall/connection/tracking
/ip/neighbor/discovery-settings /ip/settings /ipv6/settings /interface/bridge/vlan
/interface/detect-internet /interface/l2tp-server/server /interface/list/member
/interface/pppoe-server/server /interface/wifi/cap /interface/wifi/capsman
/interface/wireguard/peers /interface/wireless/access-list /ip/address /ip/arp /ip/cloud
/ip/dhcp-client /ip/dhcp-server/lease /ip/dhcp-server/network /ip/dns /ip/dns/static
/ip/firewall/address-list /ip/firewall/filter /ip/firewall/mangle /ip/firewall/nat /ip/firewall/raw
/ip/firewall/service-port /ip/route /ip/service /ip/ssh /ipv6/address /ipv6/firewall/address-list
/ipv6/firewall/filter /ppp/aaa /ppp/secret /radius /snmp /system/clock /system/identity
/system/logging /system/note /system/ntp/client /system/package/update /system/routerboard/settings
/system/scheduler /system/script /tool/bandwidth-server /tool/e-mail /tool/mac-server
/tool/mac-server/mac-winbox /tool/mac-server/ping /tool/netwatch /tool/romon /user/aaa
"""

ORDER_V6 = tuple(_V6.split())
ORDER_V7 = tuple(_V7.split())
