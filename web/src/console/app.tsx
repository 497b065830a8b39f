/** The console: its frame, and which view an address shows. Views are loaded when they are wanted. */
import { lazy, Suspense } from "react";
import { Redirect, Route, Router, Switch } from "wouter";

import { useText } from "./i18n";
import { ViewBoundary } from "./shell/boundary";
import { Frame } from "./shell/frame";
import { Empty, Loading } from "./shared/states";
import { StockPage } from "./stock/stock-page";

// Each view's script is asked for when the view is first shown.
const SkuPage = lazy(async () => ({ default: (await import("./sku/sku-page")).SkuPage }));
const OrderPage = lazy(async () => ({ default: (await import("./order/order-page")).OrderPage }));
const AuditPage = lazy(async () => ({ default: (await import("./audit/audit-page")).AuditPage }));
const CountsPage = lazy(async () => ({ default: (await import("./counts/counts-page")).CountsPage }));
const CountPage = lazy(async () => ({ default: (await import("./counts/count-page")).CountPage }));

export function App() {
  return (
    <Router base="/console">
      <Frame>
        <ViewBoundary>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/">
                <Redirect to="/stock" replace />
              </Route>
              <Route path="/stock" component={StockPage} />
              <Route path="/sku/:skuId" component={SkuPage} />
              <Route path="/order/:orderDetailId?" component={OrderPage} />
              <Route path="/audit/:view?" component={AuditPage} />
              <Route path="/counts" component={CountsPage} />
              <Route path="/counts/:countId" component={CountPage} />
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </ViewBoundary>
      </Frame>
    </Router>
  );
}

function NotFound() {
  const { t } = useText();
  return <Empty title={t("pages.notFound")} help={t("pages.notFoundHelp")} />;
}
