import Testing

@testable import MountMonitor

@Suite struct ProbeRoutesTests {
    /// Mounts with a history each: + passed, - failed, threshold 2.
    static func snapshots(_ histories: [String], hungSince: WallTime? = nil) -> [MountSnapshot] {
        histories.enumerated().map { position, history in
            var state = MountState()
            var durations = DurationHistogram()
            var failures: UInt64 = 0
            for check in history {
                let result = CheckResult(failure: check == "+" ? nil : "broken", duration: .milliseconds(30))
                durations.record(result.duration)
                if !result.passed { failures += 1 }
                let time = WallTime(seconds: TestClock.start)
                _ = state.record(result, threshold: 2, at: Instant(nanoseconds: 0), time)
            }
            let mount = MountConfiguration(
                name: position == 0 ? "films" : "",
                path: "/m/\(position)",
                canaryFile: "c",
                failureThreshold: 2
            )
            return MountSnapshot(
                mount: mount,
                state: state,
                hungSince: hungSince,
                failures: failures,
                durations: durations
            )
        }
    }

    static func routes(
        _ histories: [String],
        hungSince: WallTime? = nil,
        watchdog: WatchdogState = .pendingRestart
    ) -> ProbeRoutes {
        let clock = Clock(
            instant: { Instant(nanoseconds: 10_000_000_000) },
            wall: { WallTime(seconds: TestClock.start + 10) }
        )
        let snapshots = snapshots(histories, hungSince: hungSince)
        return ProbeRoutes(
            version: "1.2.3",
            clock: clock,
            mounts: { snapshots },
            watchdog: {
                WatchdogReport(isEnabled: true, state: watchdog, reason: .podNotFound, error: "no")
            },
            configuration: {
                ConfigurationReport(file: "/c.json", warnings: ["odd"], errors: ["bad"])
            }
        )
    }

    @Test(
        "live is 200 unless a mount is unhealthy, ready and status only if all are healthy",
        arguments: [
            (["+"], 200, 200), (["+", "+"], 200, 200), ([""], 200, 503), (["-"], 200, 503), (["+", "-"], 200, 503),
            (["--"], 503, 503), (["+", "--"], 503, 503), (["--+"], 200, 200), (["+", ""], 200, 503),
        ] as [([String], Int, Int)]
    )
    func statuses(histories: [String], live: Int, ready: Int) {
        let routes = ProbeRoutesTests.routes(histories)
        for (path, status) in [("live", live), ("ready", ready), ("status", ready)] {
            let answer = routes.answer(method: "GET", target: "/healthz/\(path)")
            #expect(answer.status == status, "\(path)")
            #expect(answer.body.contains(#""status":"\#(status == 200 ? "healthy" : "unhealthy")","timestamp""#))
            #expect(answer.log?.level == (status == 200 ? .debug : path == "live" ? .warn : .info))
        }
    }

    @Test(
        "the log names results as people filter on them",
        arguments: [
            ("live", "+", "alive"), ("live", "--", "unhealthy"), ("ready", "+", "ready"), ("ready", "-", "not_ready"),
            ("status", "+", "healthy"), ("status", "-", "unhealthy"),
        ]
    )
    func results(path: String, history: String, result: String) {
        let answer = ProbeRoutesTests.routes([history]).answer(method: "GET", target: "/healthz/\(path)")
        #expect(answer.log?.result == result)
    }

    @Test(arguments: WatchdogState.allCases)
    func noStateOfTheWatchdogTouchesAProbe(state: WatchdogState) {
        let routes = ProbeRoutesTests.routes(["+"], watchdog: state)
        for path in ["live", "ready", "status"] {
            #expect(routes.answer(method: "GET", target: "/healthz/\(path)").status == 200)
        }
    }

    @Test(arguments: ["live", "ready"])
    func theProbesSayNothingOfTheWatchdog(path: String) {
        #expect(
            !ProbeRoutesTests.routes(["+"]).answer(method: "GET", target: "/healthz/\(path)").body.contains("watchdog")
        )
    }

    @Test func theBodyHasTheShapeThatUsersRelyOn() {
        let body = ProbeRoutesTests.routes(["+", "-", ""]).answer(method: "GET", target: "/healthz/status").body
        #expect(
            body == """
                {"status":"unhealthy","timestamp":"2026-01-01T00:00:10Z","mounts":[\
                {"name":"films","path":"/m/0","status":"healthy","last_check":"2026-01-01T00:00:00Z","failure_count":0},\
                {"path":"/m/1","status":"degraded","last_check":"2026-01-01T00:00:00Z","failure_count":1,\
                "last_error":"broken"},\
                {"path":"/m/2","status":"unknown","failure_count":0}],\
                "watchdog":{"enabled":true,"state":"pending_restart","reason":"pod_not_found","error":"no",\
                "restart_budget":"unlimited"},\
                "configuration":{"source":"/c.json","warnings":["odd"],"error":["bad"]}}

                """
        )
    }

    @Test(arguments: [
        ("GET", "/version", 200), ("HEAD", "/version", 200), ("POST", "/version", 405), ("PUT", "/healthz/live", 405),
        ("DELETE", "/metrics", 405), ("GET", "/", 404), ("GET", "/healthz", 404), ("GET", "/healthz/live/", 404),
        ("POST", "/nowhere", 404), ("GET", "/version?x=1", 200), ("GET", "http://pod:8080/version", 200),
        ("GET", "http://pod", 404), ("OPTIONS", "*", 404), ("GET", "HTTPS://pod/version", 200),
        ("GET", "ftp://pod/version", 404),
        ("GET", "/%76ersion", 200), ("GET", "/healthz%2Flive", 200), ("GET", "/version%", 404),
        ("GET", "/%+1ersion", 404),
        ("GET", "/a%0d%0ab//x", 404), ("GET", "", 404),
    ])
    func methodsAndPaths(method: String, target: String, status: Int) {
        let answer = ProbeRoutesTests.routes(["+"]).answer(method: method, target: target)
        #expect(answer.status == status)
        #expect(answer.header == (status == 405 ? .init(name: "Allow", value: "GET, HEAD") : nil))
    }

    @Test(
        "a path that isn't clean leads to the clean one",
        arguments: [
            ("//healthz/live", "/healthz/live"), ("/./version?x=1", "/version?x=1"),
            ("/x/../healthz//live", "/healthz/live"), ("//", "/"), ("/a//", "/a/"),
            ("http://pod//version", "/version"),
        ]
    )
    func redirects(target: String, location: String) {
        let answer = ProbeRoutesTests.routes(["+"]).answer(method: "GET", target: target)
        #expect(answer.status == 301)
        #expect(answer.header == .init(name: "Location", value: location))
    }

    @Test func theVersionIsADocument() {
        #expect(
            ProbeRoutesTests.routes(["+"]).answer(method: "GET", target: "/version").body == "{\"version\":\"1.2.3\"}\n"
        )
    }

    @Test func metricsShowEachMountAndTheWatchdog() {
        let routes = ProbeRoutesTests.routes(["+--", ""], hungSince: WallTime(seconds: 77))
        let lines = routes.answer(method: "GET", target: "/metrics").body.split(separator: "\n").map(String.init)
        for line in [
            #"mount_monitor_build_info{version="1.2.3"} 1"#,
            #"mount_monitor_mount_state{name="films",path="/m/0",state="unhealthy"} 1"#,
            #"mount_monitor_mount_state{name="films",path="/m/0",state="healthy"} 0"#,
            #"mount_monitor_mount_state{name="",path="/m/1",state="unknown"} 1"#,
            #"mount_monitor_check_failures_total{name="films",path="/m/0"} 2"#,
            #"mount_monitor_consecutive_failures{name="films",path="/m/0"} 2"#,
            #"mount_monitor_seconds_since_last_success{name="films",path="/m/0"} 10.0"#,
            #"mount_monitor_hung_since_timestamp_seconds{name="films",path="/m/0"} 77"#,
            #"mount_monitor_check_duration_seconds_bucket{name="films",path="/m/0",le="0.025"} 0"#,
            #"mount_monitor_check_duration_seconds_bucket{name="films",path="/m/0",le="0.1"} 3"#,
            #"mount_monitor_check_duration_seconds_bucket{name="films",path="/m/0",le="+Inf"} 3"#,
            #"mount_monitor_check_duration_seconds_count{name="films",path="/m/0"} 3"#,
            #"mount_monitor_watchdog_state{state="pending_restart"} 1"#,
            #"mount_monitor_watchdog_state{state="arming"} 0"#, "mount_monitor_watchdog_enabled 1",
            #"mount_monitor_watchdog_off_reason{reason="pod_not_found"} 1"#,
            #"mount_monitor_watchdog_restart_budget{state="unlimited"} 1"#,
            "mount_monitor_configuration_warnings 1", "mount_monitor_configuration_last_reload_successful 0",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(!lines.contains { $0.hasPrefix(#"mount_monitor_seconds_since_last_success{name="""#) })
    }

    @Test func aLabelsValueIsEscaped() {
        let mount = MountConfiguration(name: "a\"b\\c\nd", path: "/é", canaryFile: "c", failureThreshold: 1)
        let snapshot = MountSnapshot(
            mount: mount,
            state: MountState(),
            hungSince: nil,
            failures: 0,
            durations: DurationHistogram()
        )
        let page = MetricsPage(
            version: "1",
            mounts: [snapshot],
            watchdog: WatchdogReport(state: .armed),
            configuration: ConfigurationReport(),
            now: Instant(nanoseconds: 0)
        )
        #expect(page.text.contains(#"mount_monitor_check_failures_total{name="a\"b\\c\nd",path="/é"} 0"#))
    }

    @Test func aPathThatIsWatchedInSeveralWaysHasASeriesForEach() {
        let mounts = [
            MountConfiguration(path: "/m", canaryFile: "a", failureThreshold: 1),
            MountConfiguration(path: "/m", canaryFile: "b", failureThreshold: 1),
            MountConfiguration(path: "/m", checkType: .directory, canaryFile: "", failureThreshold: 1),
            MountConfiguration(path: "/m", canaryFile: "./a", failureThreshold: 1),
            MountConfiguration(path: "/m", checkType: .directory, canaryFile: "b", failureThreshold: 1),
            MountConfiguration(path: "/other", canaryFile: "a", failureThreshold: 1),
        ]
        let page = MetricsPage(
            version: "1",
            mounts: mounts.map {
                MountSnapshot(
                    mount: $0,
                    state: MountState(),
                    hungSince: nil,
                    failures: 0,
                    durations: DurationHistogram()
                )
            },
            watchdog: WatchdogReport(),
            configuration: ConfigurationReport(),
            now: Instant(nanoseconds: 0)
        )
        let lines = page.text.split(separator: "\n").filter { $0.hasPrefix("mount_monitor_check_failures_total") }
        #expect(
            lines == [
                #"mount_monitor_check_failures_total{name="",path="/m",check="canary:/m/a"} 0"#,
                #"mount_monitor_check_failures_total{name="",path="/m",check="canary:/m/b"} 0"#,
                #"mount_monitor_check_failures_total{name="",path="/m",check="directory"} 0"#,
                #"mount_monitor_check_failures_total{name="",path="/m",check="canary:/m/a",copy="1"} 0"#,
                #"mount_monitor_check_failures_total{name="",path="/m",check="directory",copy="1"} 0"#,
                #"mount_monitor_check_failures_total{name="",path="/other"} 0"#,
            ]
        )
    }
}
