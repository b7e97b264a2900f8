import Testing

@testable import MountMonitor

@Suite struct ConfigurationTests {
    /// Reads a document and gives back all its problems, as a person sees them.
    static func problems(_ text: String) throws -> [String] {
        let (configuration, findings) = Configuration.read(try JSONTests.document(text))
        return (findings.problems + configuration.check().problems).map(\.description)
    }

    /// What the document says, and the warnings, as a person sees them.
    static func read(_ text: String) throws -> (configuration: Configuration, warnings: [String]) {
        let (configuration, findings) = Configuration.read(try JSONTests.document(text))
        #expect(findings.problems.isEmpty)
        return (configuration, (findings.warnings + configuration.check().warnings).map(\.description))
    }

    @Test func defaultsAreThoseOfThePredecessor() throws {
        let (configuration, findings) = Configuration.read(try JSONTests.document("{}"))
        #expect(findings == ConfigurationFindings())
        #expect(configuration.checkInterval == .seconds(30))
        #expect(configuration.readTimeout == .seconds(5))
        #expect(configuration.shutdownTimeout == .seconds(30))
        #expect(configuration.failureThreshold == 3)
        #expect(configuration.httpPort == 8080)
        #expect(configuration.logLevel == .info)
        #expect(configuration.logFormat == .json)
        #expect(configuration.canaryFile == ".health-check")
        let watchdog = configuration.watchdog
        #expect(!watchdog.enabled && watchdog.restartDelay == .zero && watchdog.maxRetries == 3)
        #expect(watchdog.retryBackoffInitial == .milliseconds(100) && watchdog.retryBackoffMax == .seconds(10))
    }

    @Test func whatThePredecessorDidNotHaveIsOffUnlessItIsSet() throws {
        let text = #"{"mounts": [{"path": "/a"}]}"#
        let (configuration, _) = Configuration.read(try JSONTests.document(text))
        #expect(!configuration.events && configuration.mounts.allSatisfy { !$0.notEmpty && !$0.write })
        let watchdog = configuration.watchdog
        #expect(watchdog.maxRestarts == 0 && !watchdog.onlyAfterHealthy)
        #expect(watchdog.gracePeriodSeconds == 0 && !watchdog.forceDelete)
    }

    @Test func readsEveryKey() throws {
        let text = """
            {"$schema": "x", "checkInterval": "1m", "readTimeout": "2s", "shutdownTimeout": "10s", "failureThreshold": 5,
             "httpPort": 9090, "logLevel": "debug", "logFormat": "text", "canaryFile": "up",
             "writeInterval": "3m", "reload": false, "events": true,
             "mounts": [{"name": "a", "path": "/a", "checkType": "directory"},
                        {"path": "/d", "checkType": "mountpoint", "fsType": "nfs", "notEmpty": true, "write": true},
                        {"path": "b", "canaryFile": "x/y", "failureThreshold": 1}, {"path": "/c", "failureThreshold": 0}],
             "watchdog": {"enabled": true, "restartDelay": "5s", "maxRetries": 7, "retryBackoffInitial": "1s",
                          "retryBackoffMax": "1m", "maxRestarts": 2, "restartWindow": "30m", "onlyAfterHealthy": true,
                          "gracePeriodSeconds": 20, "forceDelete": false}}
            """
        let (read, findings) = Configuration.read(try JSONTests.document(text))
        #expect(findings == ConfigurationFindings() && read.check() == ConfigurationFindings())
        var wanted = Configuration()
        wanted.checkInterval = .seconds(60)
        wanted.readTimeout = .seconds(2)
        wanted.shutdownTimeout = .seconds(10)
        wanted.failureThreshold = 5
        wanted.httpPort = 9090
        wanted.logLevel = .debug
        wanted.logFormat = .text
        wanted.canaryFile = "up"
        wanted.writeInterval = .seconds(180)
        (wanted.reload, wanted.events) = (false, true)
        wanted.mounts = [
            MountConfiguration(name: "a", path: "/a", checkType: .directory, canaryFile: "up", failureThreshold: 5),
            MountConfiguration(
                path: "/d",
                checkType: .mountpoint,
                canaryFile: "up",
                failureThreshold: 5,
                fsType: "nfs",
                notEmpty: true,
                write: true,
                writeInterval: .seconds(180)
            ),
            MountConfiguration(path: "b", canaryFile: "x/y", failureThreshold: 1),
            MountConfiguration(path: "/c", canaryFile: "up", failureThreshold: 5),
        ]
        for position in wanted.mounts.indices { wanted.mounts[position].writeInterval = .seconds(180) }
        wanted.watchdog = WatchdogConfiguration(
            enabled: true,
            restartDelay: .seconds(5),
            maxRetries: 7,
            retryBackoffInitial: .seconds(1),
            retryBackoffMax: .seconds(60),
            maxRestarts: 2,
            restartWindow: .seconds(1800),
            onlyAfterHealthy: true,
            gracePeriodSeconds: 20
        )
        #expect(read == wanted)
    }

    @Test(
        "each thing that is wrong is named with its place",
        arguments: [
            ("{}", "mounts: at least one"), (#"{"mounts": []}"#, "mounts: at least one"),
            (#"{"mounts": [{}]}"#, "mounts[0].path: missing"),
            (#"{"mounts": [{"path": "/a"}, {"path": ""}]}"#, "mounts[1].path: missing"),
            (#"{"mounts": [{"path": "/a", "failureThreshold": -1}]}"#, "mounts[0].failureThreshold: -1 is too few"),
            (#"{"mounts": {"path": "/a"}}"#, "mounts: expected a list, found an object"),
            (#"{"mounts": ["/a"]}"#, "mounts[0]: expected an object, found the text \"/a\""),
            (#"{"mounts": [{"path": 7}]}"#, "mounts[0].path: expected a text, found the number 7"),
            (#"{"mounts": [{"path": "/a", "checkType": "mountpoint"}]}"#, "mounts[0].fsType: missing"),
            (#"{"mounts": [{"path": "/a"}], "mounts": []}"#, "mounts: stands here 2 times; write one list"),
            (#"{"mounts": [null]}"#, "mounts[0].path: missing"),
            (#"{"mounts": [{"path": "/a", "checkType": "ping"}]}"#, "mounts[0].checkType: expected one of canary, dir"),
            (#"{"checkInterval": "999ms"}"#, "checkInterval: 999ms is too short"),
            (#"{"checkInterval": 30}"#, #"checkInterval: expected a duration such as "30s", found the number 30"#),
            (#"{"checkInterval": "30"}"#, #"checkInterval: "30" has a number without a unit"#),
            (#"{"readTimeout": "99ms"}"#, "readTimeout: 99ms is too short"),
            (#"{"readTimeout": "30s"}"#, "readTimeout: 30s must be shorter than checkInterval, which is 30s"),
            (#"{"failureThreshold": 1.5}"#, "failureThreshold: expected a whole number, found the number 1.5"),
            (#"{"httpPort": "80"}"#, "httpPort: expected a whole number, found the text \"80\""),
            (#"{"logLevel": "trace"}"#, "logLevel: expected one of debug, info, warn, error, found the text \"trace\""),
            (#"{"logFormat": "xml"}"#, "logFormat: expected one of json, text"),
            (#"{"watchdog": {"retryBackoffMax": "1ms"}}"#, "watchdog.retryBackoffMax: 1ms must not be shorter"),
            (#"{"watchdog": {"enabled": "yes"}}"#, "watchdog.enabled: expected true or false, found the text \"yes\""),
            (#"{"watchdog": true}"#, "watchdog: expected an object, found true"),
            (#"{"httpPort": 65536}"#, "httpPort: 65536 is not a port"),
            (#"{"shutdownTimeout": "9ms"}"#, "shutdownTimeout: 9ms"),
            (#"{"checkInterval": null}"#, #"checkInterval: expected a duration such as "30s", found null"#),
            (#"{"checkInterval": ""}"#, #"checkInterval: "" is not a duration"#),
            (#"{"writeInterval": "1ms"}"#, "writeInterval: 1ms is too short"),
            (#"{"watchdog": {"restartWindow": "61m"}}"#, "watchdog.restartWindow: 1h1m0s is too long; at most 1h"),
            (
                #"{"watchdog": {"forceDelete": true, "gracePeriodSeconds": 1}}"#,
                "watchdog.gracePeriodSeconds: has no effect with forceDelete"
            ),
            (
                #"{"watchdog": {"gracePeriodSeconds": 3000000000}}"#,
                "watchdog.gracePeriodSeconds: 3000000000 is too long"
            ),
        ]
    )
    func names(text: String, problem: String) throws {
        let problems = try ConfigurationTests.problems(text)
        #expect(problems.contains { $0.hasPrefix(problem) }, "\(problems)")
    }

    @Test(
        "what is odd and means something is a warning",
        arguments: [
            (#""CheckInterval": "9s""#, "CheckInterval: read as checkInterval"),
            ("\"chec\u{212A}Interval\": \"9s\"", "chec\u{212A}Interval: read as checkInterval"),
            (#""httpPort": 1, "httpPort": 2"#, "httpPort: stands here 2 times; the last one counts"),
            (#""watchdog": {"enabled": true}, "watchdog": {"maxRetries": 7}"#, "watchdog: stands here 2 times; their"),
            (#""readTimeout": "-1s""#, "readTimeout: -1s is negative; the default of 5s holds"),
            (#""failureThreshold": -1"#, "failureThreshold: -1 is negative; the default of 3 holds"),
            (#""canaryFile": "../x""#, #"mounts[0].canaryFile: "../x" leads out of the mount"#),
            (#""canaryFile": "\u0000""#, "canaryFile: has a NUL"),
            (#""canaryFile": "\ud800""#, "'canaryFile' has text that"),
        ]
    )
    func warns(member: String, warning: String) throws {
        let (_, warnings) = try ConfigurationTests.read(#"{"mounts": [{"path": "/a"}], \#(member)}"#)
        #expect(warnings.count == 1 && warnings[0].hasPrefix(warning), "\(warnings)")
    }

    @Test func whatStandsTwiceCountsAsInGo() throws {
        let text =
            #"{"mounts": [{"path": "/a", "path": "/b"}], "HTTPPort": 1, "httpPort": 2, "httpPort": null, "#
            + #""watchdog": {"enabled": true, "maxRetries": 7, "restartDelay": "9s"}, "#
            + #""watchdog": {"maxRetries": 8, "enabled": null}}"#
        let (configuration, _) = try ConfigurationTests.read(text)
        #expect(configuration.mounts.map(\.path) == ["/b"] && configuration.httpPort == 2)
        #expect(configuration.watchdog.maxRetries == 8 && !configuration.watchdog.enabled)
        #expect(configuration.watchdog.restartDelay == .seconds(9), "two objects are one")
    }

    @Test func zeroAndEmptyTextsSetNothing() throws {
        let text = """
            {"checkInterval": "0s", "readTimeout": "0", "shutdownTimeout": "0s", "failureThreshold": 0, "httpPort": 0,
             "logLevel": "", "logFormat": "", "canaryFile": "", "writeInterval": "0s",
             "mounts": [{"path": "/a", "name": "", "checkType": "", "canaryFile": "", "failureThreshold": 0, "fsType": ""}],
             "watchdog": {"restartDelay": "0s", "maxRetries": 0, "retryBackoffInitial": "0s", "retryBackoffMax": "0s",
                          "maxRestarts": 0, "restartWindow": "0s", "gracePeriodSeconds": 0}}
            """
        let (configuration, warnings) = try ConfigurationTests.read(text)
        var wanted = Configuration()
        wanted.mounts = [MountConfiguration(path: "/a", canaryFile: ".health-check", failureThreshold: 3)]
        #expect(configuration == wanted && warnings.isEmpty)
    }

    @Test func onePathMayBeWatchedInSeveralWays() throws {
        let text =
            #"{"mounts": [{"path": "/a"}, {"path": "/a", "canaryFile": "x"}, {"path": "/a", "checkType": "directory"}]}"#
        #expect(try ConfigurationTests.read(text).warnings.isEmpty)
        let twice = #"{"mounts": [{"path": "/a"}, {"path": "/a"}]}"#
        #expect(try ConfigurationTests.read(twice).warnings == ["mounts[1]: is watched in the same way as mounts[0]"])
    }

    @Test(
        "an init container needs mounts, a read time-out and log settings, and nothing else",
        arguments: [
            (#""readTimeout": "30s""#, true), (#""checkInterval": "1ms""#, true), (#""httpPort": 70000"#, true),
            (#""shutdownTimeout": "1ms""#, true), (#""watchdog": {"retryBackoffMax": "1ns"}"#, true),
            (#""readTimeout": "99ms""#, false), (#""mounts": []"#, false),
        ]
    )
    func initContainers(member: String, isValid: Bool) throws {
        let mounts = member.contains("mounts") ? "" : #", "mounts": [{"path": "/a"}]"#
        let (configuration, findings) = Configuration.read(try JSONTests.document("{\(member)\(mounts)}"))
        #expect(findings.problems.isEmpty)
        #expect(configuration.check(forInitContainer: true).problems.isEmpty == isValid)
        #expect(!configuration.check().problems.isEmpty)
    }

    @Test func tenThousandsOfUnknownKeysAreFewWarnings() throws {
        let keys = (0..<20_000).map { #""k\#($0)": 0"# }.joined(separator: ",")
        let (_, findings) = Configuration.read(try JSONTests.document("{\(keys)}"))
        #expect(findings.unknownKeys.count == ConfigurationFindings.most)
    }

    @Test func nullIsAsIfItWereNotThere() throws {
        let problems = try ConfigurationTests.problems(
            #"{"httpPort": null, "logLevel": null, "watchdog": null, "mounts": [{"path": "/a", "name": null}]}"#
        )
        #expect(problems.isEmpty)
    }

    @Test func bordersAreInside() throws {
        let problems = try ConfigurationTests.problems(
            """
            {"checkInterval": "1s", "readTimeout": "100ms", "shutdownTimeout": "1s", "failureThreshold": 1,
             "httpPort": 65535, "mounts": [{"path": "/a"}], "watchdog": {"maxRetries": 1, "retryBackoffInitial": "1ns",
             "retryBackoffMax": "1ns"}}
            """
        )
        #expect(problems.isEmpty)
    }
}
