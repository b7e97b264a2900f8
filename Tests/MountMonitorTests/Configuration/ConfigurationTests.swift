import Testing

@testable import MountMonitor

@Suite struct ConfigurationTests {
    /// Reads a document and gives back all its problems, as a person sees them.
    static func problems(_ text: String) throws -> [String] {
        let (configuration, problems) = Configuration.read(try JSONTests.parse(text))
        return (problems + configuration.problems()).map(\.description)
    }

    @Test func defaultsAreThoseOfThePredecessor() {
        let (configuration, problems) = Configuration.read(.object([]))
        #expect(problems.isEmpty)
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

    @Test func readsEveryKey() throws {
        let text = """
            {"$schema": "x", "checkInterval": "1m", "readTimeout": "2s", "shutdownTimeout": "10s", "failureThreshold": 5,
             "httpPort": 9090, "logLevel": "debug", "logFormat": "text", "canaryFile": "up",
             "mounts": [{"name": "a", "path": "/a", "checkType": "directory"},
                        {"path": "b", "canaryFile": "x/y", "failureThreshold": 1}, {"path": "/c", "failureThreshold": 0}],
             "watchdog": {"enabled": true, "restartDelay": "5s", "maxRetries": 7, "retryBackoffInitial": "1s",
                          "retryBackoffMax": "1m"}}
            """
        let (read, problems) = Configuration.read(try JSONTests.parse(text))
        #expect(problems.isEmpty && read.problems().isEmpty)
        var wanted = Configuration()
        wanted.checkInterval = .seconds(60)
        wanted.readTimeout = .seconds(2)
        wanted.shutdownTimeout = .seconds(10)
        wanted.failureThreshold = 5
        wanted.httpPort = 9090
        wanted.logLevel = .debug
        wanted.logFormat = .text
        wanted.canaryFile = "up"
        wanted.mounts = [
            MountConfiguration(name: "a", path: "/a", checkType: .directory, canaryFile: "up", failureThreshold: 5),
            MountConfiguration(path: "b", canaryFile: "x/y", failureThreshold: 1),
            MountConfiguration(path: "/c", canaryFile: "up", failureThreshold: 5),
        ]
        wanted.watchdog = WatchdogConfiguration(
            enabled: true,
            restartDelay: .seconds(5),
            maxRetries: 7,
            retryBackoffInitial: .seconds(1),
            retryBackoffMax: .seconds(60)
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
            (#"{"mounts": [{"path": "/a", "canaryFile": "../x"}]}"#, "mounts[0].canaryFile: \"../x\" leads out"),
            (#"{"mounts": [{"path": "/a"}, {"path": "/a"}]}"#, "mounts[1]: the same name and path as mounts[0]"),
            (#"{"mounts": {"path": "/a"}}"#, "mounts: expected a list, found an object"),
            (#"{"mounts": ["/a"]}"#, "mounts[0]: expected an object, found the text \"/a\""),
            (#"{"mounts": [{"path": 7}]}"#, "mounts[0].path: expected a text, found the number 7"),
            (#"{"mounts": [{"path": "a\u0000b"}]}"#, "mounts[0].path: a text with a NUL"),
            (#"{"mounts": [{"path": "/a", "checkType": "ping"}]}"#, "mounts[0].checkType: expected one of canary, dir"),
            (
                #"{"mounts": [{"path": "/a", "cannaryFile": "x"}]}"#,
                "mounts[0].cannaryFile: unknown key; did you mean can"
            ),
            (#"{"checkInterval": "999ms"}"#, "checkInterval: 999ms is too short"),
            (#"{"checkInterval": 30}"#, #"checkInterval: expected a duration such as "30s", found the number 30"#),
            (#"{"checkInterval": "30"}"#, #"checkInterval: "30" has a number without a unit"#),
            (#"{"readTimeout": "99ms"}"#, "readTimeout: 99ms is too short"),
            (#"{"readTimeout": "30s"}"#, "readTimeout: 30s must be shorter than checkInterval, which is 30s"),
            (#"{"shutdownTimeout": "0s"}"#, "shutdownTimeout: 0s is too short"),
            (#"{"failureThreshold": 0}"#, "failureThreshold: 0 is too few"),
            (#"{"failureThreshold": 1.5}"#, "failureThreshold: expected a whole number, found the number 1.5"),
            (#"{"httpPort": 0}"#, "httpPort: 0 is no port"), (#"{"httpPort": 65536}"#, "httpPort: 65536 is no port"),
            (#"{"httpPort": "80"}"#, "httpPort: expected a whole number, found the text \"80\""),
            (#"{"logLevel": "trace"}"#, "logLevel: expected one of debug, info, warn, error, found the text \"trace\""),
            (#"{"logFormat": "xml"}"#, "logFormat: expected one of json, text"),
            (#"{"canaryFile": ""}"#, "canaryFile: empty"),
            (#"{"canaryFile": "a/../b"}"#, "canaryFile: \"a/../b\" leads"),
            (#"{"watchdog": {"maxRetries": 0}}"#, "watchdog.maxRetries: 0 is too few"),
            (#"{"watchdog": {"restartDelay": "-1s"}}"#, "watchdog.restartDelay: -1s is negative"),
            (#"{"watchdog": {"retryBackoffInitial": "0s"}}"#, "watchdog.retryBackoffInitial: 0s is too short"),
            (#"{"watchdog": {"retryBackoffMax": "1ms"}}"#, "watchdog.retryBackoffMax: 1ms must not be shorter"),
            (#"{"watchdog": {"enabled": "yes"}}"#, "watchdog.enabled: expected true or false, found the text \"yes\""),
            (#"{"watchdog": true}"#, "watchdog: expected an object, found true"),
            (#"{"watchdog": {"retries": 1}}"#, "watchdog.retries: unknown key"),
            (#"{"chekInterval": "1s"}"#, "chekInterval: unknown key; did you mean checkInterval?"),
            (#"{"HTTPPORT": 1}"#, "HTTPPORT: unknown key; did you mean httpPort?"),
            (#"{"zzz": 1}"#, "zzz: unknown key; known here are $schema, canaryFile"),
        ]
    )
    func names(text: String, problem: String) throws {
        let problems = try ConfigurationTests.problems(text)
        #expect(problems.contains { $0.hasPrefix(problem) }, "\(problems)")
    }

    @Test func nullIsAsIfItWereNotThere() throws {
        let problems = try ConfigurationTests.problems(
            #"{"checkInterval": null, "watchdog": null, "mounts": [{"path": "/a", "name": null}]}"#
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

    @Test(arguments: [
        ("chekInterval", "checkInterval"), ("checkinterval", "checkInterval"), ("htpPort", "httpPort"),
        ("naem", "name"), ("xyz", nil), (String(repeating: "a", count: 100_000), nil),
    ])
    func findsTheNearestName(word: String, nearest: String?) {
        #expect(NearestName.of(word, in: ["checkInterval", "httpPort", "name"]) == nearest)
    }
}
