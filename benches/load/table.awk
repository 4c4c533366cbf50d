# A line of the table of what mix.lua printed; `name` and `spent`, the milliseconds of the server, are given.
/connections/ { clients = $4 }
/^measured/ {
    found = 1
    printf "| %s | %d | %.0f | %.2f | %.2f | %.0f |\n", name, clients, $3 / ($5 / 1e6), $7 / 1e3, $9 / 1e3, spent * 1e3 / $3
    if ($11 > 0) { printf "%d requests failed\n", $11; exit 1 }
}
END { if (!found) { print "nothing was measured"; exit 1 } }
