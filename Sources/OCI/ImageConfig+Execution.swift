extension ImageConfig {
    /// How a container of the image runs.
    public struct Execution: Hashable, Sendable, Codable {
        /// `user`, `uid`, `user:group` or `uid:gid`.
        public var user: String?
        /// Ports as keys, `8080/tcp`.
        public var exposedPorts: [String: Empty]?
        /// `NAME=value`.
        public var env: [String]?
        /// What is run.
        public var entrypoint: [String]?
        /// What is run, or the entrypoint's arguments.
        public var cmd: [String]?
        /// Folders that hold data, as keys.
        public var volumes: [String: Empty]?
        /// The folder it starts in.
        public var workingDir: String?
        /// Free labels.
        public var labels: [String: String]?
        /// The signal that ends it.
        public var stopSignal: String?
        /// Windows: the arguments are escaped already.
        public var argsEscaped: Bool?
        /// Docker: how health is probed.
        public var healthcheck: Healthcheck?
        /// Docker: what runs shell forms.
        public var shell: [String]?
        /// Docker: instructions for images built on this one.
        public var onBuild: [String]?

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
        public init() {}
    }

    /// An empty JSON object, the value in Go's sets.
    public struct Empty: Hashable, Sendable, Codable {
        /// The one value.
        public init() {}
    }

    /// Docker's health check; durations in nanoseconds.
    public struct Healthcheck: Hashable, Sendable, Codable {
        /// `["CMD", …]`, `["CMD-SHELL", …]` or `["NONE"]`.
        public var test: [String]?
        /// Time between two checks.
        public var interval: Int64?
        /// Time after which a check has failed.
        public var timeout: Int64?
        /// Time to start up.
        public var startPeriod: Int64?
        /// Time between two checks while starting up.
        public var startInterval: Int64?
        /// Failures until it counts as unhealthy.
        public var retries: Int?

        private enum CodingKeys: String, CodingKey {
            case test = "Test"
            case interval = "Interval"
            case timeout = "Timeout"
            case startPeriod = "StartPeriod"
            case startInterval = "StartInterval"
            case retries = "Retries"
        }

        /// A health check from its parts.
        public init(
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
