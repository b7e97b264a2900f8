/// The page that Prometheus reads, in its text format 0.0.4.
struct MetricsPage {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let version: String
    let mounts: [MountSnapshot]
    let watchdog: WatchdogReport
    let configuration: ConfigurationReport
    let now: Instant

    var text: String {
        var page = Page()
        page.family("mount_monitor_build_info", "gauge", "The version that runs; always 1.")
        page.sample("mount_monitor_build_info", [("version", version)], "1")

        page.family("mount_monitor_mount_state", "gauge", "1 for the state that the mount is in, 0 for the others.")
        each { mount, labels in
            for status in MountStatus.allCases {
                let value = mount.state.status == status ? "1" : "0"
                page.sample("mount_monitor_mount_state", labels + [("state", status.rawValue)], value)
            }
        }
        page.family("mount_monitor_check_failures_total", "counter", "Checks that failed.")
        each { page.sample("mount_monitor_check_failures_total", $1, String($0.failures)) }
        page.family("mount_monitor_consecutive_failures", "gauge", "Checks that failed since the last that passed.")
        each { page.sample("mount_monitor_consecutive_failures", $1, String($0.state.failureCount)) }

        page.family("mount_monitor_seconds_since_last_success", "gauge", "The last check that passed; none: no sample.")
        each { mount, labels in
            guard let success = mount.state.lastSuccess else { return }
            page.sample("mount_monitor_seconds_since_last_success", labels, String(max(0, (now - success).seconds)))
        }
        page.family("mount_monitor_hung_since_timestamp_seconds", "gauge", "When the read began that hangs; 0: none.")
        each { page.sample("mount_monitor_hung_since_timestamp_seconds", $1, String($0.hungSince?.seconds ?? 0)) }
        page.family("mount_monitor_check_duration_seconds", "histogram", "How long checks took.")
        each { page.histogram("mount_monitor_check_duration_seconds", $1, $0.durations) }

        page.family("mount_monitor_watchdog_state", "gauge", "1 for the state the watchdog is in, 0 for the others.")
        for state in WatchdogState.allCases {
            page.sample(
                "mount_monitor_watchdog_state",
                [("state", state.rawValue)],
                watchdog.state == state ? "1" : "0"
            )
        }
        page.family("mount_monitor_watchdog_enabled", "gauge", "Whether the configuration enables the watchdog.")
        page.sample("mount_monitor_watchdog_enabled", [], watchdog.isEnabled ? "1" : "0")
        page.family("mount_monitor_watchdog_off_reason", "gauge", "1 for why the watchdog is off; no sample: it is on.")
        if let reason = watchdog.reason {
            page.sample("mount_monitor_watchdog_off_reason", [("reason", reason.rawValue)], "1")
        }
        page.family("mount_monitor_watchdog_restart_budget", "gauge", "1 for the state of the restarts' budget.")
        for budget in WatchdogBudget.allCases {
            let value = watchdog.budget == budget ? "1" : "0"
            page.sample("mount_monitor_watchdog_restart_budget", [("state", budget.rawValue)], value)
        }
        page.family("mount_monitor_configuration_warnings", "gauge", "What is odd in the configuration that runs.")
        page.sample("mount_monitor_configuration_warnings", [], String(configuration.warnings.count))
        page.family("mount_monitor_configuration_last_reload_successful", "gauge", "0: an older configuration runs on.")
        let isCurrent = configuration.errors.isEmpty ? "1" : "0"
        page.sample("mount_monitor_configuration_last_reload_successful", [], isCurrent)
        return page.text
    }

    private func each(_ body: (MountSnapshot, [(String, String)]) -> Void) {
        // A path that is watched in several ways has a series for each.
        var ways: [[String]: [MountCheck]] = [:]
        for mount in mounts { ways[[mount.mount.name, mount.mount.path], default: []].append(MountCheck(mount.mount)) }
        var seen: [[String]: Int] = [:]
        for mount in mounts {
            var labels = [("name", mount.mount.name), ("path", mount.mount.path)]
            if let checks = ways[labels.map(\.1)], checks.count > 1 {
                labels.append(("check", MountCheck(mount.mount).label))
                let number = seen[labels.map(\.1), default: 0]
                seen[labels.map(\.1)] = number + 1
                if number > 0 { labels.append(("copy", String(number))) }
            }
            body(mount, labels)
        }
    }

    /// The page as it grows.
    private struct Page {
        var text = ""

        mutating func family(_ name: String, _ type: String, _ help: String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }

        mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
            let list = labels.map { "\($0.0)=\"\(Page.escaped($0.1))\"" }.joined(separator: ",")
            text += list.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
        }

        mutating func histogram(_ name: String, _ labels: [(String, String)], _ histogram: DurationHistogram) {
            var total: UInt64 = 0
            for (position, count) in histogram.counts.enumerated() {
                total &+= count
                let bounds = DurationHistogram.bounds
                let bound = position < bounds.count ? String(bounds[position]) : "+Inf"
                sample(name + "_bucket", labels + [("le", bound)], String(total))
            }
            sample(name + "_sum", labels, String(histogram.sum))
            sample(name + "_count", labels, String(total))
        }

        // The format's three escapes in a label's value.
        private static func escaped(_ value: String) -> String {
            var text = ""
            for scalar in value.unicodeScalars {
                switch scalar {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.unicodeScalars.append(scalar)
                }
            }
            return text
        }
    }
}
