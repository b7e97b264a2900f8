extension ImageConfig {
    /// How a container of the image runs.
    package struct Execution: Hashable, Sendable, Codable {
        /// `user`, `uid`, `user:group` or `uid:gid`.
        package var user: String?
        /// Ports as keys, `8080/tcp`.
        package var exposedPorts: [String: Empty]?
        /// `NAME=value`.
        package var env: [String]?
        /// What is run.
        package var entrypoint: [String]?
        /// What is run, or the entrypoint's arguments.
        package var cmd: [String]?
        /// Directories that hold data, as keys.
        package var volumes: [String: Empty]?
        /// The directory it starts in.
        package var workingDir: String?
        /// Free labels.
        package var labels: [String: String]?
        /// The signal that ends it.
        package var stopSignal: String?
        /// Windows: the arguments are escaped already.
        package var argsEscaped: Bool?
        /// Docker: how health is probed.
        package var healthcheck: Healthcheck?
        /// Docker: what runs shell forms.
        package var shell: [String]?
        /// Docker: instructions for images built on this one.
        package var onBuild: [String]?

        private enum CodingKeys: String, CodingKey {
            case user = "User"
            case exposedPorts = "ExposedPorts"
            case env = "Env"
            case entrypoint = "Entrypoint"
            case cmd = "Cmd"
            case volumes = "Volumes"
            case workingDir = "WorkingDir"
            case labels = "Labels"
            case stopSignal = "StopSignal"
            case argsEscaped = "ArgsEscaped"
            case healthcheck = "Healthcheck"
            case shell = "Shell"
            case onBuild = "OnBuild"
        }

        /// An execution that sets nothing.
        package init() {}
    }

    /// An empty JSON object, the value in Go's sets.
    package struct Empty: Hashable, Sendable, Codable {
        /// The one value.
        package init() {}
    }

    /// Docker's health check; durations in nanoseconds.
    package struct Healthcheck: Hashable, Sendable, Codable {
        /// `["CMD", …]`, `["CMD-SHELL", …]` or `["NONE"]`.
        package var test: [String]?
        /// Time between two checks.
        package var interval: Int64?
        /// Time after which a check has failed.
        package var timeout: Int64?
        /// Time to start up.
        package var startPeriod: Int64?
        /// Time between two checks while starting up.
        package var startInterval: Int64?
        /// Failures until it counts as unhealthy.
        package var retries: Int?

        private enum CodingKeys: String, CodingKey {
            case test = "Test"
            case interval = "Interval"
            case timeout = "Timeout"
            case startPeriod = "StartPeriod"
            case startInterval = "StartInterval"
            case retries = "Retries"
        }

        /// A health check from its parts.
        package init(
            test: [String]? = nil,
            interval: Int64? = nil,
            timeout: Int64? = nil,
            startPeriod: Int64? = nil,
            startInterval: Int64? = nil,
            retries: Int? = nil
        ) {
            self.test = test
            self.interval = interval
            self.timeout = timeout
            self.startPeriod = startPeriod
            self.startInterval = startInterval
            self.retries = retries
        }
    }
}
