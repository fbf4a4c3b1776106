import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "docker/**/*.test.ts"],
          exclude: ["**/*.engine.test.ts", "**/*.long.test.ts", "**/node_modules/**"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Real servers on two cores: one after another, never retried.
        test: {
          name: "drills",
          include: [
            "drills.test.ts",
            "cloudify-client.test.ts",
            "src/**/*.engine.test.ts",
            "src/**/*.long.test.ts",
          ],
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
          setupFiles: ["allure-vitest/setup"],
          retry: 0,
        },
      },
    ],
    reporters: ["default", ["allure-vitest/reporter", { resultsDir: "allure-results" }]],
  },
});
