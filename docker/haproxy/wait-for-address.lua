-- Waits up to a second for the address of a container, so that a restart costs its visitors time and not an error.
local addresses = Map.new("/usr/local/etc/haproxy/addresses.map", Map._str)

core.register_action("wait_for_address", { "http-req" }, function(txn)
  local service = txn:get_var("txn.service")
  for _ = 1, 50 do
    core.msleep(20)
    local address = addresses:lookup(service)
    if address ~= nil then
      txn:set_var("txn.address", address)
      return
    end
  end
end)
